#include "core/plugins/health_board.hpp"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include "core/runtime/system_clock.hpp"
#include "tests/unit/plugins/fakes.hpp"

namespace gantry::plugins {
namespace {
using std::chrono::milliseconds;

// Waits for a result to become what is expected; checks run on their own threads.
bool becomes(const HealthBoard& board, const std::string& name, bool healthy,
             std::string_view detail) {
  for (int i = 0; i < 2000; ++i) {
    for (const HealthResult& result : board.results()) {
      if (result.name == name && result.healthy == healthy && result.detail == detail) return true;
    }
    std::this_thread::yield();
    std::this_thread::sleep_for(milliseconds(2));
  }
  return false;
}

// A check that hangs until it is let go.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [&] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

auto soon(int ms) { return std::chrono::steady_clock::now() + milliseconds(ms); }

TEST(Health, ShowsTheLastResultOfEachCheckByName) {
  const runtime::SystemClock clock;
  KeptLog log;
  HealthBoard board(milliseconds(5), clock, log);
  std::atomic<bool> up{true};
  board.add("a",
            {{"b_check", true, milliseconds(1000),
              [&](std::string& detail) -> gantry_rc {
                detail = up ? "" : "refused";
                return up ? GANTRY_OK : GANTRY_UNAVAILABLE;
              }},
             {"a_check", false, milliseconds(1000), [](std::string&) -> gantry_rc { return 1; }}});
  EXPECT_TRUE(becomes(board, "b_check", true, ""));
  EXPECT_TRUE(becomes(board, "a_check", false, "failed"));
  EXPECT_EQ(board.results()[0].name, "a_check");
  EXPECT_EQ(board.not_ready(), "");  // a_check is not critical
  up = false;
  EXPECT_TRUE(becomes(board, "b_check", false, "refused"));
  EXPECT_EQ(board.not_ready(), "b_check: refused");
}

TEST(Health, CountsAHangingCheckAsFailedAndGoesOnWithTheOthers) {
  const runtime::SystemClock clock;
  KeptLog log;
  HealthBoard board(milliseconds(5), clock, log);
  Gate gate;
  board.add("a",
            {{"hangs", true, milliseconds(20),
              [&](std::string&) -> gantry_rc {
                gate.wait();
                return GANTRY_OK;
              }},
             {"works", true, milliseconds(1000), [](std::string&) -> gantry_rc { return 0; }}});
  EXPECT_TRUE(becomes(board, "hangs", false, "timeout"));
  EXPECT_TRUE(becomes(board, "works", true, ""));
  EXPECT_FALSE(board.remove("a", soon(20)));
  EXPECT_TRUE(board.results().empty());
  gate.open();
  EXPECT_TRUE(board.remove("a", soon(5000)));
}

TEST(Health, IsNotReadyBeforeTheFirstAnswer) {
  const runtime::SystemClock clock;
  KeptLog log;
  Gate gate;
  HealthBoard board(milliseconds(5), clock, log);
  board.add("a", {{"slow", true, milliseconds(60000), [&](std::string&) -> gantry_rc {
                     gate.wait();
                     return GANTRY_OK;
                   }}});
  EXPECT_EQ(board.not_ready(), "slow: pending");
  gate.open();
  EXPECT_TRUE(becomes(board, "slow", true, ""));
}

TEST(Health, EndsWithoutACheckThatNeverComesBack) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "a thread is left behind on purpose, which ThreadSanitizer reports";
#endif
  const runtime::SystemClock clock;
  KeptLog log;
  const auto gate = std::make_shared<Gate>();
  {
#ifdef __SANITIZE_ADDRESS__
    const __lsan::ScopedDisabler left_behind_on_purpose;
#endif
    HealthBoard board(milliseconds(5), clock, log);
    board.add("a", {{"hangs", true, milliseconds(5), [gate](std::string&) -> gantry_rc {
                       gate->wait();
                       return GANTRY_OK;
                     }}});
    EXPECT_TRUE(becomes(board, "hangs", false, "timeout"));
  }
  EXPECT_EQ(log.count("health.check_hangs"), 1u);
  gate->open();
}

TEST(Health, IsBlockedByReasonsThatComeAndGo) {
  const ManualClock clock;
  KeptLog log;
  HealthBoard board(milliseconds(5), clock, log);
  board.block("chains", "chain private lacks authenticate");
  EXPECT_EQ(board.not_ready(), "chain private lacks authenticate");
  board.block("chains", "");
  EXPECT_EQ(board.not_ready(), "");
  EXPECT_TRUE(board.live());
  board.set_liveness([] { return false; });
  EXPECT_FALSE(board.live());
}

}  // namespace
}  // namespace gantry::plugins
