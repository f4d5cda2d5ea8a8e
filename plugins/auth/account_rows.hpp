// Users and their roles in the auth database. Callers bring the session, and the transaction where
// there must be one. [worker]
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/sql.hpp"
#include "roles.hpp"

namespace gantry::auth {

struct User {
  std::string id;
  std::string email;
  Instant created_at;
  Roles roles;
};

std::optional<User> find_user(const Rows& rows, std::string_view id);
std::optional<User> find_user_by_email(const Rows& rows, std::string_view email);
// Newest first, beginning after the user with the id `after` (empty: with the newest).
std::vector<User> list_users(const Rows& rows, std::string_view after, size_t count_max);

// A customer.
User add_user(const Rows& rows, const Uuid& id, std::string_view email, Instant now);
void write_roles(const Rows& rows, std::string_view user, const Roles& roles);
Roles read_roles(const Rows& rows, std::string_view user);
int64_t count_admins(const Rows& rows);
// Until the transaction ends, nobody else changes the roles of `user` or makes or unmakes an admin:
// for deciding whether the last one would go.
void lock_roles(const Rows& rows, std::string_view user);

}  // namespace gantry::auth
