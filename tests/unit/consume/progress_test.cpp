#include "core/consume/progress.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace gantry::consume {
namespace {

using namespace std::chrono_literals;

observe::SilentLogger silent;

class ProgressTest : public testing::Test {
 protected:
  // Answer of one when(); the future is ready once it came, and get() throws if it came twice.
  std::future<bool> when(log::Position position, std::chrono::milliseconds within) {
    auto answer = std::make_shared<std::promise<bool>>();
    auto future = answer->get_future();
    progress->when(position, within, [answer](bool reached) { answer->set_value(reached); });
    return future;
  }

  runtime::Timers timers{"test", silent};
  std::shared_ptr<Progress> progress = std::make_shared<Progress>(timers, 3);
};

TEST_F(ProgressTest, CallsBackWhenThePositionIsReached) {
  auto third = when(3, 1h), fifth = when(5, 1h);
  progress->reach(4);
  EXPECT_TRUE(third.get());
  EXPECT_EQ(fifth.wait_for(0ms), std::future_status::timeout);
  progress->reach(5);
  EXPECT_TRUE(fifth.get());
}

TEST_F(ProgressTest, CallsBackFromAnotherThreadWhenItAlreadyIsReached) {
  progress->reach(4);
  std::promise<std::thread::id> caller;
  progress->when(4, 1h, [&](bool) { caller.set_value(std::this_thread::get_id()); });
  EXPECT_TRUE(caller.get_future().get() != std::this_thread::get_id());
}

TEST_F(ProgressTest, SaysNoWhenTimeIsUp) { EXPECT_FALSE(when(1, 1ms).get()); }

TEST_F(ProgressTest, SaysNoWhenTheConsumerGoesAndToThoseWhoComeLater) {
  auto before = when(1, 1h);
  progress->close();
  EXPECT_FALSE(before.get());
  EXPECT_FALSE(when(1, 1h).get());
  EXPECT_FALSE(progress->wait_for(1, 1h));
}

TEST_F(ProgressTest, SaysNoAtOnceWhenTooManyWait) {
  auto a = when(1, 1h), b = when(1, 1h), c = when(1, 1h);
  EXPECT_FALSE(when(1, 1h).get());
  progress->reach(1);
  EXPECT_TRUE(a.get());
}

TEST_F(ProgressTest, BlocksUntilReached) {
  EXPECT_FALSE(progress->wait_for(1, 1ms));
  auto waiting = std::async(std::launch::async, [&] { return progress->wait_for(7, 20s); });
  progress->reach(7);
  EXPECT_TRUE(waiting.get());
}

TEST_F(ProgressTest, AnswersEachWaiterOnceWhenTimeAndPositionRace) {
  std::atomic<int> answers = 0;
  for (int i = 1; i <= 300; ++i) {
    progress->when(i, 0ms, [&](bool) { ++answers; });
    progress->reach(i);
  }
  progress->close();
  std::promise<void> last;
  timers.after(5ms, [&] { last.set_value(); });
  last.get_future().wait();
  EXPECT_EQ(answers, 300);
}

}  // namespace
}  // namespace gantry::consume
