#include "account_rows.hpp"

namespace gantry::auth {
namespace {

User user_of(const SqlRow& row) {
  return {std::string(row.text(0)), std::string(row.text(1)), row.instant(2), {}};
}

std::optional<User> find_one(const Rows& rows, std::string_view statement, std::string_view value) {
  std::optional<User> user;
  rows.first(statement, {value}, [&](const SqlRow& row) { user = user_of(row); });
  if (user) user->roles = read_roles(rows, user->id);
  return user;
}

}  // namespace

std::optional<User> find_user(const Rows& rows, std::string_view id) {
  return find_one(rows, "SELECT id, email, created_at FROM users WHERE id = ?", id);
}

std::optional<User> find_user_by_email(const Rows& rows, std::string_view email) {
  return find_one(rows, "SELECT id, email, created_at FROM users WHERE email = ?", email);
}

std::vector<User> list_users(const Rows& rows, std::string_view after, size_t count_max) {
  std::vector<User> users;
  const auto add = [&](const SqlRow& row) { users.push_back(user_of(row)); };
  // Ids are made in the order of time.
  if (after.empty()) {
    rows.each("SELECT id, email, created_at FROM users ORDER BY id DESC LIMIT ?", {count_max}, add);
  } else {
    rows.each("SELECT id, email, created_at FROM users WHERE id < ? ORDER BY id DESC LIMIT ?",
              {after, count_max}, add);
  }
  for (User& user : users) user.roles = read_roles(rows, user.id);
  return users;
}

User add_user(const Rows& rows, const Uuid& id, std::string_view email, Instant now) {
  User user{id.text(), std::string(email), now, {}};
  rows.run("INSERT INTO users (id, email, created_at) VALUES (?, ?, ?)",
           {user.id, user.email, user.created_at});
  write_roles(rows, user.id, user.roles);
  return user;
}

void write_roles(const Rows& rows, std::string_view user, const Roles& roles) {
  rows.run("DELETE FROM user_roles WHERE user_id = ?", {user});
  roles.each([&](std::string_view role) {
    rows.run("INSERT INTO user_roles (user_id, role) VALUES (?, ?)", {user, role});
  });
}

Roles read_roles(const Rows& rows, std::string_view user) {
  Roles roles;
  rows.each("SELECT role FROM user_roles WHERE user_id = ?", {user},
            [&](const SqlRow& row) { roles.add(row.text(0)); });
  return roles;
}

int64_t count_admins(const Rows& rows) {
  int64_t count = 0;
  rows.first("SELECT count(*) FROM user_roles WHERE role = 'admin'", {},
             [&](const SqlRow& row) { count = row.integer(0); });
  return count;
}

// An update that changes nothing locks rows on every engine.
void lock_roles(const Rows& rows, std::string_view user) {
  rows.run("UPDATE users SET email = email WHERE id = ?", {user});
  rows.run("UPDATE user_roles SET role = role WHERE role = 'admin'");
}

}  // namespace gantry::auth
