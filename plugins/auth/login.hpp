// Login: magic links become sessions, sessions become principals. Over the database "auth", with a
// cache for sessions in front of it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "account_rows.hpp"
#include "gantry/host.hpp"
#include "session_cache.hpp"
#include "session_rows.hpp"
#include "settings.hpp"

namespace gantry::auth {

constexpr std::string_view kDatabase = "auth";

class Login {
 public:
  Login(const Host& host, const Settings& settings);

  // A new link for that address; older ones are void from then on. Returns the token. [worker]
  std::string make_link(std::string_view email);

  struct Opened {
    std::string session_token;
    SessionTimes times;
    User user;
  };
  // Redeems a link, once: makes the user if it is new, and a session; the user's oldest session
  // goes when there are too many. nullopt: the link is unknown, used, void or expired. [worker]
  std::optional<Opened> open(std::string_view link_token);

  // Whose session that is. remembered() answers from memory, null when that does not suffice [io];
  // look_up() reads the database, null when the session is not good [worker].
  PrincipalPtr remembered(const Digest& session);
  PrincipalPtr look_up(const Digest& session);

  struct Shown {
    User user;
    SessionTimes times;
  };
  std::optional<Shown> show(const Digest& session);  // [worker]
  void close(const Digest& session);                 // [worker]
  void close_all(std::string_view user);             // [worker]

  // Takes effect at once on this instance. nullopt: no such user. [worker]
  std::optional<Result<User, RoleRefusal>> assign_roles(std::string_view user, const Roles& wanted);

 private:
  User user_for(const Rows& rows, std::string_view email, Instant now) const;
  std::vector<Digest> make_room(const Rows& rows, std::string_view user) const;
  std::string new_token() const;

  const Host& host_;
  const Settings& settings_;
  SessionCache cache_;
};

}  // namespace gantry::auth
