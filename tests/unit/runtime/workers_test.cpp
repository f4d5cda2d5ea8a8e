#include "core/runtime/workers.hpp"

#include <gtest/gtest.h>

#include <future>

namespace gantry::runtime {
namespace {

using namespace std::chrono_literals;

observe::SilentLogger silent;

// A task that runs until let go; `begun` is ready once it runs.
struct Block {
  std::promise<void> begun_promise, go_promise;
  std::future<void> begun = begun_promise.get_future();
  std::shared_future<void> go = go_promise.get_future().share();
  std::function<void()> task() {
    return [this] {
      begun_promise.set_value();
      go.wait();
    };
  }
};

TEST(Workers, RunsTasksOnNamedAndTaggedThreads) {
  Workers workers({.name = "sql", .threads = 1}, silent);
  std::promise<std::pair<std::string, ThreadKind>> seen;
  ASSERT_TRUE(workers.submit([&] {
    char name[16] = {};
    pthread_getname_np(pthread_self(), name, sizeof name);
    seen.set_value({name, thread_kind()});
  }));
  EXPECT_EQ(seen.get_future().get(), std::pair(std::string("sql-0"), ThreadKind::kWorker));
}

TEST(Workers, RefusesAtOnceWhenTheQueueIsFull) {
  Block block;
  std::atomic<int> ran = 0;
  Workers workers({.threads = 1, .queue_max = 2}, silent);
  ASSERT_TRUE(workers.submit(block.task()));
  block.begun.wait();
  EXPECT_TRUE(workers.submit([&] { ++ran; }));
  EXPECT_TRUE(workers.submit([&] { ++ran; }));
  EXPECT_FALSE(workers.submit([&] { ++ran; }));
  EXPECT_EQ(workers.counts().queued, 2u);
  EXPECT_EQ(workers.counts().running, 1u);
  EXPECT_EQ(workers.counts().rejected, 1u);
  block.go_promise.set_value();
  EXPECT_TRUE(workers.stop(10s));
  EXPECT_EQ(ran, 2);
}

TEST(Workers, AnswersATaskThatWaitedTooLongThoughAllThreadsAreBusy) {
  Block block;
  std::promise<void> expired;
  std::atomic<bool> ran = false;
  Workers workers({.threads = 1, .queue_wait_ms_max = 10}, silent);
  ASSERT_TRUE(workers.submit(block.task()));
  block.begun.wait();
  ASSERT_TRUE(workers.submit([&] { ran = true; }, [&] { expired.set_value(); }));
  EXPECT_EQ(expired.get_future().wait_for(10s), std::future_status::ready);
  block.go_promise.set_value();
  EXPECT_TRUE(workers.stop(10s));
  EXPECT_FALSE(ran);
  EXPECT_EQ(workers.counts().expired, 1u);
  EXPECT_EQ(workers.counts().done, 1u);
}

TEST(Workers, StopRunsWhatIsQueuedAndTakesNothingNew) {
  Workers workers({.threads = 2}, silent);
  std::atomic<int> ran = 0;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(workers.submit([&] { ++ran; }));
  EXPECT_TRUE(workers.stop(10s));
  EXPECT_EQ(ran, 100);
  EXPECT_FALSE(workers.submit([&] { ++ran; }));
}

TEST(Workers, StopExpiresWhatHasNotBegunInTime) {
  Block block;
  bool expired = false;
  Workers workers({.threads = 1}, silent);
  ASSERT_TRUE(workers.submit(block.task()));
  block.begun.wait();
  ASSERT_TRUE(workers.submit([] {}, [&] { expired = true; }));
  EXPECT_FALSE(workers.stop(1ms));
  EXPECT_TRUE(expired);
  block.go_promise.set_value();
}

TEST(Workers, SurviveATaskThatThrows) {
  Workers workers({.threads = 1}, silent);
  bool ran = false;
  ASSERT_TRUE(workers.submit([] { throw std::runtime_error("no"); }));
  ASSERT_TRUE(workers.submit([] { throw 5; }));
  ASSERT_TRUE(workers.submit([&] { ran = true; }));
  EXPECT_TRUE(workers.stop(10s));
  EXPECT_TRUE(ran);
  EXPECT_EQ(workers.counts().failed, 2u);
}

TEST(Workers, EveryAcceptedTaskEndsExactlyOnceUnderLoad) {
  std::atomic<int> accepted = 0, ended = 0;
  {
    Workers workers({.threads = 3, .queue_max = 8, .queue_wait_ms_max = 1}, silent);
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 2000; ++i) {
          if (workers.submit([&] { ++ended; }, [&] { ++ended; })) ++accepted;
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  EXPECT_EQ(accepted, ended);
  EXPECT_GT(accepted, 0);
}

TEST(ThreadTag, TheInnermostCounts) {
  EXPECT_EQ(thread_kind(), ThreadKind::kOther);
  {
    const ThreadTag outer(ThreadKind::kSetup);
    {
      const ThreadTag inner(ThreadKind::kBus);
      EXPECT_EQ(thread_kind(), ThreadKind::kBus);
    }
    EXPECT_EQ(thread_kind(), ThreadKind::kSetup);
  }
  EXPECT_EQ(thread_kind(), ThreadKind::kOther);
}

}  // namespace
}  // namespace gantry::runtime
