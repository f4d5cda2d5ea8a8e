#include "plugins/auth/roles.hpp"

#include <gtest/gtest.h>

namespace gantry::auth {
namespace {

Roles roles(std::initializer_list<std::string_view> names) {
  Roles out;
  for (const auto name : names) out.add(name);
  return out;
}

TEST(Roles, EverybodyIsACustomer) { EXPECT_EQ(Roles().words(), "customer"); }

TEST(Roles, AreWrittenInOneOrder) {
  EXPECT_EQ(roles({"admin", "organizer"}).words(), "customer organizer admin");
}

TEST(Roles, AreAClosedList) {
  Roles some;
  EXPECT_FALSE(some.add("root"));
  EXPECT_FALSE(some.add(""));
  EXPECT_FALSE(some.has("root"));
  EXPECT_EQ(some, Roles());
}

TEST(ChangeRoles, GivesWhatWasAskedFor) {
  const auto changed = change_roles(Roles(), roles({"organizer"}), 1);
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(changed.value(), roles({"organizer"}));
}

TEST(ChangeRoles, TakesAdminFromOneOfTwo) {
  EXPECT_TRUE(change_roles(roles({"admin"}), Roles(), 2).ok());
}

TEST(ChangeRoles, NeverTakesAdminFromTheLastOne) {
  const auto changed = change_roles(roles({"admin"}), roles({"organizer"}), 1);
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.reason(), RoleRefusal::last_admin);
}

}  // namespace
}  // namespace gantry::auth
