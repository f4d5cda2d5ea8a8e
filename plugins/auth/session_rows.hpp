// Sessions and magic links in the auth database, by the digest of their token. Callers bring the
// session of the database, and the transaction where there must be one. [worker]
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/sql.hpp"
#include "secret_token.hpp"
#include "session_rules.hpp"

namespace gantry::auth {

struct SessionRow {
  std::string user;
  SessionTimes times;
};

void add_session(const Rows& rows, const Digest& session, std::string_view user,
                 const SessionTimes& times);
std::optional<SessionRow> find_session(const Rows& rows, const Digest& session);
void touch_session(const Rows& rows, const Digest& session, Instant last_active_at);
void remove_session(const Rows& rows, const Digest& session);
void remove_sessions_of(const Rows& rows, std::string_view user);
// Oldest first.
std::vector<Digest> sessions_of(const Rows& rows, std::string_view user);

// Takes the place of the link that was open for that address.
void put_link(const Rows& rows, const Digest& link, std::string_view email, Instant expires_at);
struct LinkRow {
  std::string email;
  Instant expires_at;
};
// Removes the link: a second call finds nothing.
std::optional<LinkRow> take_link(const Rows& rows, const Digest& link);

// Removes a bounded number of links and sessions that have expired.
void sweep_expired(const Rows& rows, Instant now);

}  // namespace gantry::auth
