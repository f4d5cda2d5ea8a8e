#include "roles.hpp"

#include <algorithm>

namespace gantry::auth {
namespace {

size_t place_of(std::string_view name) {
  return static_cast<size_t>(std::find(kRoleNames.begin(), kRoleNames.end(), name) -
                             kRoleNames.begin());
}

}  // namespace

bool Roles::add(std::string_view name) {
  const size_t place = place_of(name);
  if (place == kRoleNames.size()) return false;
  bits_ = static_cast<uint8_t>(bits_ | 1u << place);
  return true;
}

bool Roles::has(std::string_view name) const {
  const size_t place = place_of(name);
  return place < kRoleNames.size() && (bits_ >> place & 1);
}

std::string Roles::words() const {
  std::string out;
  each([&](std::string_view name) {
    if (!out.empty()) out += ' ';
    out += name;
  });
  return out;
}

Result<Roles, RoleRefusal> change_roles(const Roles& current, const Roles& wanted, int64_t admins) {
  if (current.has("admin") && !wanted.has("admin") && admins <= 1)
    return Refused{RoleRefusal::last_admin};
  return wanted;
}

}  // namespace gantry::auth
