// Roles: a closed list; everybody is a customer. And what an admin may change about them. Pure.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "gantry/result.hpp"

namespace gantry::auth {

constexpr std::array<std::string_view, 4> kRoleNames = {"customer", "organizer", "monitoring",
                                                        "admin"};

// A set of roles; always has customer.
class Roles {
 public:
  Roles() = default;

  // False when there is no such role.
  bool add(std::string_view name);
  bool has(std::string_view name) const;
  std::string words() const;  // "customer admin", in the order of kRoleNames
  template <class F>          // f(std::string_view name)
  void each(F&& f) const {
    for (size_t i = 0; i < kRoleNames.size(); ++i) {
      if (bits_ >> i & 1) f(kRoleNames[i]);
    }
  }
  friend bool operator==(const Roles&, const Roles&) = default;

 private:
  uint8_t bits_ = 1;
};

enum class RoleRefusal { last_admin };

// admins: number of users with the role admin before the change.
Result<Roles, RoleRefusal> change_roles(const Roles& current, const Roles& wanted, int64_t admins);

}  // namespace gantry::auth
