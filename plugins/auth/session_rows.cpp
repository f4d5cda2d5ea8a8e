#include "session_rows.hpp"

#include <algorithm>

namespace gantry::auth {
namespace {

constexpr int kSweepRowsMax = 100;

SqlValue key_of(const Digest& digest) { return SqlValue::blob(bytes_of(digest)); }

}  // namespace

void add_session(const Rows& rows, const Digest& session, std::string_view user,
                 const SessionTimes& times) {
  rows.run(
      "INSERT INTO sessions (token_hash, user_id, created_at, expires_at, last_active_at) "
      "VALUES (?, ?, ?, ?, ?)",
      {key_of(session), user, times.created_at, times.expires_at, times.last_active_at});
}

std::optional<SessionRow> find_session(const Rows& rows, const Digest& session) {
  std::optional<SessionRow> found;
  rows.first(
      "SELECT token_hash, user_id, created_at, expires_at, last_active_at FROM sessions "
      "WHERE token_hash = ?",
      {key_of(session)}, [&](const SqlRow& row) {
        if (!same(session, row.text(0))) return;
        found = {std::string(row.text(1)), {row.instant(2), row.instant(3), row.instant(4)}};
      });
  return found;
}

void touch_session(const Rows& rows, const Digest& session, Instant last_active_at) {
  rows.run("UPDATE sessions SET last_active_at = ? WHERE token_hash = ? AND last_active_at < ?",
           {last_active_at, key_of(session), last_active_at});
}

void remove_session(const Rows& rows, const Digest& session) {
  rows.run("DELETE FROM sessions WHERE token_hash = ?", {key_of(session)});
}

void remove_sessions_of(const Rows& rows, std::string_view user) {
  rows.run("DELETE FROM sessions WHERE user_id = ?", {user});
}

std::vector<Digest> sessions_of(const Rows& rows, std::string_view user) {
  std::vector<Digest> sessions;
  rows.each("SELECT token_hash FROM sessions WHERE user_id = ? ORDER BY created_at, token_hash",
            {user}, [&](const SqlRow& row) {
              Digest session{};
              const auto bytes = row.text(0);
              std::copy_n(bytes.begin(), std::min(bytes.size(), session.size()), session.begin());
              sessions.push_back(session);
            });
  return sessions;
}

void put_link(const Rows& rows, const Digest& link, std::string_view email, Instant expires_at) {
  rows.run(
      "INSERT INTO magic_links (email, token_hash, expires_at) VALUES (?, ?, ?) "
      "ON CONFLICT (email) DO UPDATE SET token_hash = excluded.token_hash, "
      "expires_at = excluded.expires_at",
      {email, key_of(link), expires_at});
}

std::optional<LinkRow> take_link(const Rows& rows, const Digest& link) {
  std::optional<LinkRow> found;
  rows.first("SELECT token_hash, email, expires_at FROM magic_links WHERE token_hash = ?",
             {key_of(link)}, [&](const SqlRow& row) {
               if (same(link, row.text(0))) found = {std::string(row.text(1)), row.instant(2)};
             });
  if (!found) return found;
  // Of two callers with one link, the second waits here for the first, and finds none.
  if (rows.run("DELETE FROM magic_links WHERE token_hash = ?", {key_of(link)}) != 1) found.reset();
  return found;
}

void sweep_expired(const Rows& rows, Instant now) {
  rows.run(
      "DELETE FROM magic_links WHERE email IN "
      "(SELECT email FROM magic_links WHERE expires_at <= ? LIMIT ?)",
      {now, kSweepRowsMax});
  rows.run(
      "DELETE FROM sessions WHERE token_hash IN "
      "(SELECT token_hash FROM sessions WHERE expires_at <= ? LIMIT ?)",
      {now, kSweepRowsMax});
}

}  // namespace gantry::auth
