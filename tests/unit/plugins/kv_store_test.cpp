#include "core/plugins/kv_store.hpp"

#include "tests/unit/plugins/fakes.hpp"

namespace gantry::plugins {
namespace {
std::string get(KvStore& store, std::string_view owner, std::string_view key) {
  std::string value;
  return store.get(owner, key, value) == GANTRY_OK ? value : "(none)";
}

TEST(Kv, GivesBackWhatWasPut) {
  const ManualClock clock;
  KvStore store({}, clock);
  EXPECT_EQ(store.put("a", "key", "one", 1000), GANTRY_OK);
  EXPECT_EQ(store.put("a", "key", "two", 1000), GANTRY_OK);
  EXPECT_EQ(get(store, "a", "key"), "two");
  EXPECT_EQ(store.erase("a", "key"), GANTRY_OK);
  EXPECT_EQ(store.erase("a", "key"), GANTRY_NOT_FOUND);
  EXPECT_EQ(get(store, "a", "key"), "(none)");
  EXPECT_EQ(store.bytes(), 0u);
}

TEST(Kv, KeepsPluginsApart) {
  const ManualClock clock;
  KvStore store({}, clock);
  store.put("a", "bc", "a's", 1000);
  store.put("ab", "c", "ab's", 1000);
  EXPECT_EQ(get(store, "a", "bc"), "a's");
  EXPECT_EQ(get(store, "ab", "c"), "ab's");
  EXPECT_EQ(get(store, "b", "bc"), "(none)");
}

TEST(Kv, ForgetsWhenTheTimeIsUp) {
  ManualClock clock;
  KvStore store({}, clock);
  store.put("a", "key", "value", 10);
  clock.advance_ms(9);
  EXPECT_EQ(get(store, "a", "key"), "value");
  clock.advance_ms(1);
  EXPECT_EQ(get(store, "a", "key"), "(none)");
  EXPECT_EQ(store.bytes(), 0u);
}

TEST(Kv, DropsTheLeastRecentlyUsedWhenFull) {
  const ManualClock clock;
  KvLimits limits;
  limits.bytes_max = 16 * 1024;
  KvStore store(limits, clock);
  for (int i = 0; i < 1000; ++i) store.put("a", join("key", i), std::string(100, 'x'), 1000);
  EXPECT_LE(store.bytes(), limits.bytes_max);
  EXPECT_EQ(get(store, "a", "key0"), "(none)");
  EXPECT_EQ(get(store, "a", "key999"), std::string(100, 'x'));
}

TEST(Kv, AddsAtomically) {
  ManualClock clock;
  KvStore store({}, clock);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      int64_t sum = 0;
      for (int i = 0; i < 1000; ++i) store.add("a", "count", 1, 1000, sum);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(get(store, "a", "count"), "4000");
}

TEST(Kv, CountsFromTheFirstAddWhateverComesLater) {
  ManualClock clock;
  KvStore store({}, clock);
  int64_t sum = 0;
  EXPECT_EQ(store.add("a", "n", 5, 10, sum), GANTRY_OK);
  clock.advance_ms(5);
  EXPECT_EQ(store.add("a", "n", -2, 10, sum), GANTRY_OK);
  EXPECT_EQ(sum, 3);
  clock.advance_ms(5);
  EXPECT_EQ(store.add("a", "n", 1, 10, sum), GANTRY_OK);
  EXPECT_EQ(sum, 1);
}

TEST(Kv, RefusesWhatItsContractExcludes) {
  const ManualClock clock;
  KvStore store({}, clock);
  int64_t sum = 0;
  std::string value;
  EXPECT_EQ(store.put("a", "", "v", 1), GANTRY_INVALID);
  EXPECT_EQ(store.put("a", std::string(257, 'k'), "v", 1), GANTRY_INVALID);
  EXPECT_EQ(store.put("a", "k", std::string(65 * 1024, 'v'), 1), GANTRY_INVALID);
  EXPECT_EQ(store.put("a", "k", "v", 0), GANTRY_INVALID);
  EXPECT_EQ(store.get("a", "", value), GANTRY_INVALID);
  store.put("a", "word", "abc", 1000);
  EXPECT_EQ(store.add("a", "word", 1, 1000, sum), GANTRY_INVALID);
  store.put("a", "big", "9223372036854775807", 1000);
  EXPECT_EQ(store.add("a", "big", 1, 1000, sum), GANTRY_INVALID);
}

}  // namespace
}  // namespace gantry::plugins
