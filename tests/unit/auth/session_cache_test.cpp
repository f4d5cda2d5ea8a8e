#include "plugins/auth/session_cache.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace gantry::auth {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant kNow(1'000'000'000'000'000);
constexpr int64_t kSecond = 1'000'000'000;
const SessionLimits kLimits;

PrincipalPtr principal(std::string user) {
  return std::make_shared<const Principal>(Principal{std::move(user), "customer"});
}

class SessionCacheTest : public testing::Test {
 protected:
  void remember(const Digest& session, const std::string& user) {
    cache_.put(session, principal(user), begin_session(kLimits, kNow), 0, cache_.revision());
  }
  SessionCache cache_{1000, seconds(60), kLimits};
  const Digest ada_ = digest_of("ada"), bob_ = digest_of("bob");
};

TEST_F(SessionCacheTest, KnowsWhatWasPut) {
  remember(ada_, "ada");
  ASSERT_TRUE(cache_.use(ada_, kNow, 0));
  EXPECT_EQ(cache_.use(ada_, kNow, 0)->user, "ada");
  EXPECT_FALSE(cache_.use(bob_, kNow, 0));
}

TEST_F(SessionCacheTest, AsksTheDatabaseAgainAfterItsTimeToLive) {
  remember(ada_, "ada");
  EXPECT_TRUE(cache_.use(ada_, kNow, 59 * kSecond));
  EXPECT_FALSE(cache_.use(ada_, kNow, 60 * kSecond));
}

TEST_F(SessionCacheTest, NeverAnswersForASessionThatHasEnded) {
  remember(ada_, "ada");
  EXPECT_FALSE(cache_.use(ada_, kNow + minutes(30), kSecond));
  EXPECT_FALSE(cache_.use(ada_, kNow, kSecond));
}

TEST_F(SessionCacheTest, RemembersActivityThatIsNotWrittenYet) {
  remember(ada_, "ada");
  cache_.use(ada_, kNow + seconds(45), kSecond);
  EXPECT_EQ(cache_.last_use(ada_), kNow + seconds(45));
  cache_.use(ada_, kNow + seconds(50), 61 * kSecond);
  EXPECT_EQ(cache_.last_use(ada_), kNow + seconds(45));
}

TEST_F(SessionCacheTest, ForgetsALogoutAtOnce) {
  remember(ada_, "ada");
  cache_.erase(ada_);
  EXPECT_FALSE(cache_.use(ada_, kNow, 0));
}

TEST_F(SessionCacheTest, ForgetsAllSessionsOfAUserAndNoOthers) {
  const Digest phone = digest_of("ada's phone");
  remember(ada_, "ada");
  remember(phone, "ada");
  remember(bob_, "bob");
  cache_.erase_user("ada");
  EXPECT_FALSE(cache_.use(ada_, kNow, 0));
  EXPECT_FALSE(cache_.use(phone, kNow, 0));
  EXPECT_TRUE(cache_.use(bob_, kNow, 0));
}

TEST_F(SessionCacheTest, IsNotFilledWithWhatWasReadBeforeARevocation) {
  const uint64_t before = cache_.revision();
  cache_.erase(ada_);
  cache_.put(ada_, principal("ada"), begin_session(kLimits, kNow), 0, before);
  EXPECT_FALSE(cache_.use(ada_, kNow, 0));
}

TEST(SessionCacheBound, KeepsNoMoreThanItsMaximum) {
  SessionCache cache(16, seconds(60), kLimits);
  size_t known = 0;
  std::vector<Digest> sessions;
  for (int i = 0; i < 500; ++i) sessions.push_back(digest_of(std::to_string(i)));
  for (const Digest& session : sessions)
    cache.put(session, principal("ada"), begin_session(kLimits, kNow), 0, cache.revision());
  for (const Digest& session : sessions) known += cache.use(session, kNow, 0) ? 1 : 0;
  EXPECT_LE(known, 16u);
  EXPECT_TRUE(cache.use(sessions.back(), kNow, 0));
}

TEST(SessionCacheThreads, MayAllUseItAtOnce) {
  SessionCache cache(64, seconds(60), kLimits);
  const auto work = [&](int seed) {
    for (int i = 0; i < 500; ++i) {
      const Digest session = digest_of(std::to_string((i * 7 + seed) % 100));
      if (!cache.use(session, kNow, i))
        cache.put(session, principal("ada"), begin_session(kLimits, kNow), i, cache.revision());
      if (i % 50 == 0) cache.erase(session);
      if (i % 100 == 0) cache.erase_user("bob");
    }
  };
  std::thread first(work, 1), second(work, 2);
  first.join();
  second.join();
  EXPECT_FALSE(cache.use(digest_of("nobody"), kNow, 0));
}

}  // namespace
}  // namespace gantry::auth
