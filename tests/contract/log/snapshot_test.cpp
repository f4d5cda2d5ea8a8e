// Snapshots: kept beside the log, newest wins, never part of the truth.
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class Snapshots : public LogContract {};
GANTRY_LOG_CONTRACT(Snapshots);

TEST_P(Snapshots, AreThereAfterReopening) {
  open();
  log().keep_snapshot({"cart-1", 2, 40, std::string("state\0with a zero", 17)});
  open();
  const auto found = log().snapshot("cart-1", 2);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->version, 40);
  EXPECT_EQ(found->data, std::string("state\0with a zero", 17));
}

TEST_P(Snapshots, OfAnotherSchemaOrStreamDoNotCount) {
  open();
  log().keep_snapshot({"cart-1", 2, 40, "state"});
  EXPECT_FALSE(log().snapshot("cart-1", 1).has_value());
  EXPECT_FALSE(log().snapshot("cart-2", 2).has_value());
}

TEST_P(Snapshots, AreNotReplacedByOlderOnes) {
  open();
  log().keep_snapshot({"cart-1", 1, 40, "newer"});
  log().keep_snapshot({"cart-1", 1, 39, "older"});
  EXPECT_EQ(log().snapshot("cart-1", 1)->data, "newer");
}

TEST_P(Snapshots, OfANewSchemaReplaceThoseOfTheOld) {
  open();
  log().keep_snapshot({"cart-1", 1, 40, "old schema"});
  log().keep_snapshot({"cart-1", 2, 10, "new schema"});
  EXPECT_EQ(log().snapshot("cart-1", 2)->version, 10);
  EXPECT_FALSE(log().snapshot("cart-1", 1).has_value());
}

TEST_P(Snapshots, TooLargeAreRefused) {
  open({.snapshot_bytes_max = 4});
  EXPECT_THROW(log().keep_snapshot({"cart-1", 1, 1, "12345"}), Error);
}
}  // namespace
}  // namespace gantry::log::test
