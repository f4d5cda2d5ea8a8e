#include "core/runtime/timers.hpp"

#include <gtest/gtest.h>

#include <future>

namespace gantry::runtime {
namespace {

using namespace std::chrono_literals;

observe::SilentLogger silent;

TEST(Timers, CallInOrderOfTheirTimeFromTheirOwnThread) {
  std::promise<std::thread::id> last;
  std::string order;
  Timers timers("test", silent);
  timers.after(20ms, [&] { last.set_value(std::this_thread::get_id()); });
  timers.after(10ms, [&] { order += 'b'; });
  timers.after(0ms, [&] { order += 'a'; });
  EXPECT_TRUE(last.get_future().get() != std::this_thread::get_id());
  EXPECT_EQ(order, "ab");
}

TEST(Timers, ACancelledOneIsNotCalled) {
  std::promise<void> later;
  bool called = false;
  Timers timers("test", silent);
  const uint64_t timer = timers.after(1ms, [&] { called = true; });
  if (!timers.cancel(timer)) return;  // the thread was quicker: nothing to test
  timers.after(2ms, [&] { later.set_value(); });
  later.get_future().wait();
  EXPECT_FALSE(called);
  EXPECT_FALSE(timers.cancel(timer));
}

TEST(Timers, SurviveAFunctionThatThrows) {
  std::promise<void> later;
  Timers timers("test", silent);
  timers.after(0ms, [] { throw 1; });
  timers.after(0ms, [&] { later.set_value(); });
  EXPECT_EQ(later.get_future().wait_for(10s), std::future_status::ready);
}

TEST(Timers, TheEndCallsWhatIsDueAndForgetsTheRest) {
  bool due = false, later = false;
  {
    Timers timers("test", silent);
    timers.after(0ms, [&] { due = true; });
    timers.after(1h, [&] { later = true; });
  }
  EXPECT_TRUE(due);
  EXPECT_FALSE(later);
}

}  // namespace
}  // namespace gantry::runtime
