#include "login.hpp"

#include <algorithm>

namespace gantry::auth {

Login::Login(const Host& host, const Settings& settings)
    : host_(host),
      settings_(settings),
      cache_(settings.session_cache_max, settings.session_cache_ttl, settings.sessions) {}

std::string Login::make_link(std::string_view email) {
  const std::string token = new_token();
  const Instant now = host_.now();
  const Session session = Session::writing(host_, kDatabase);
  session.begin();
  sweep_expired(session, now);
  put_link(session, digest_of(token), email, now + settings_.magic_link_ttl);
  session.commit();
  return token;
}

std::optional<Login::Opened> Login::open(std::string_view link_token) {
  const Instant now = host_.now();
  const Session session = Session::writing(host_, kDatabase);
  session.begin();
  const auto link = take_link(session, digest_of(link_token));
  if (!link || !link_is_good(link->expires_at, now)) {
    session.commit();
    return std::nullopt;
  }
  Opened opened{new_token(), begin_session(settings_.sessions, now),
                user_for(session, link->email, now)};
  const auto evicted = make_room(session, opened.user.id);
  add_session(session, digest_of(opened.session_token), opened.user.id, opened.times);
  session.commit();
  for (const Digest& gone : evicted) cache_.erase(gone);
  return opened;
}

User Login::user_for(const Rows& rows, std::string_view email, Instant now) const {
  auto user = find_user_by_email(rows, email);
  if (!user) user = add_user(rows, host_.new_id(), email, now);
  if (settings_.admins.contains(email) && !user->roles.has("admin")) {
    user->roles.add("admin");
    write_roles(rows, user->id, user->roles);
  }
  return *std::move(user);
}

std::vector<Digest> Login::make_room(const Rows& rows, std::string_view user) const {
  auto sessions = sessions_of(rows, user);
  sessions.resize(evictions_for_one_more(sessions.size(), settings_.sessions));
  for (const Digest& oldest : sessions) remove_session(rows, oldest);
  return sessions;
}

PrincipalPtr Login::remembered(const Digest& session) {
  return cache_.use(session, host_.now(), host_.monotonic_ns());
}

PrincipalPtr Login::look_up(const Digest& session) {
  const uint64_t revision = cache_.revision();
  const Instant now = host_.now();
  std::optional<SessionRow> row;
  Roles roles;
  {
    const Session reading = Session::reading(host_, kDatabase);
    row = find_session(reading, session);
    if (row) roles = read_roles(reading, row->user);
  }
  if (!row) return nullptr;
  SessionTimes times = row->times;
  if (const auto used = cache_.last_use(session))
    times.last_active_at = std::max(times.last_active_at, *used);
  if (session_end(times, settings_.sessions, now)) {
    remove_session(Session::writing(host_, kDatabase), session);
    cache_.erase(session);
    return nullptr;
  }
  if (touch_due(row->times, settings_.sessions, now))
    touch_session(Session::writing(host_, kDatabase), session, now);
  times.last_active_at = now;
  auto principal = std::make_shared<const Principal>(Principal{row->user, roles.words()});
  cache_.put(session, principal, times, host_.monotonic_ns(), revision);
  return principal;
}

std::optional<Login::Shown> Login::show(const Digest& session) {
  const Session reading = Session::reading(host_, kDatabase);
  const auto row = find_session(reading, session);
  if (!row) return std::nullopt;
  auto user = find_user(reading, row->user);
  if (!user) return std::nullopt;
  SessionTimes times = row->times;
  if (const auto used = cache_.last_use(session))
    times.last_active_at = std::max(times.last_active_at, *used);
  return Shown{*std::move(user), times};
}

void Login::close(const Digest& session) {
  remove_session(Session::writing(host_, kDatabase), session);
  cache_.erase(session);
}

void Login::close_all(std::string_view user) {
  remove_sessions_of(Session::writing(host_, kDatabase), user);
  cache_.erase_user(user);
}

std::optional<Result<User, RoleRefusal>> Login::assign_roles(std::string_view id,
                                                             const Roles& wanted) {
  const Session session = Session::writing(host_, kDatabase);
  session.begin();
  lock_roles(session, id);
  auto user = find_user(session, id);
  if (!user) return std::nullopt;
  const auto roles = change_roles(user->roles, wanted, count_admins(session));
  if (!roles) return Result<User, RoleRefusal>(Refused{roles.reason()});
  user->roles = roles.value();
  write_roles(session, id, user->roles);
  session.commit();
  cache_.erase_user(id);
  return Result<User, RoleRefusal>(*std::move(user));
}

std::string Login::new_token() const {
  std::array<uint8_t, 32> bytes;
  host_.random(bytes);
  return base64url(bytes);
}

}  // namespace gantry::auth
