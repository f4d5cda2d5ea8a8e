// The same with real threads: loops, workers and plugins that answer, resume twice, too late or
// never, while the edge times out and snapshots change. Meant for ThreadSanitizer; what counts is
// that every exchange is answered once, every snapshot drains and nobody touches what is not
// theirs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <random>
#include <thread>

#include "tests/unit/pipeline/rig.hpp"

namespace gantry::pipeline {
namespace {

class Queue {
 public:
  void push(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    filled_.notify_one();
  }
  bool pop(std::function<void()>& task) {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return false;
    task = std::move(tasks_.front());
    tasks_.pop_front();
    return true;
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    filled_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
};

class Threads {
 public:
  explicit Threads(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      threads_.emplace_back([this] {
        for (std::function<void()> task; queue.pop(task);) task();
      });
    }
  }
  void stop() {
    queue.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  Queue queue;

 private:
  std::vector<std::thread> threads_;
};

class ThreadLoop final : public Loop {
 public:
  explicit ThreadLoop(unsigned index) : index_(index) {}
  void post(std::function<void()> task) override { thread.queue.push(std::move(task)); }
  unsigned index() const override { return index_; }
  uint64_t after(uint32_t, std::function<void()> task) override {
    post(std::move(task));
    return 0;
  }
  void cancel(uint64_t) override {}
  void watch(int, uint32_t, std::function<void(uint32_t)>) override {}
  void unwatch(int) override {}
  Threads thread{1};

 private:
  const unsigned index_;
};

// One client on one loop: sends requests one after the other; every third is timed out or left
// alone.
class Sender final : public Transport {
 public:
  Sender(Pipeline& pipeline, Loop& loop, unsigned seed, int count, std::atomic<int>& left)
      : pipeline_(pipeline), loop_(loop), random_(seed), count_(count), left_(left) {
    exchange_.loop = &loop;
  }
  void start() {
    loop_.post([this] { next(); });
  }
  void send(Exchange&) override { over(true); }
  void stream_head(Exchange&) override {}
  bool stream_piece(Exchange&, std::string_view) override { return random_() % 4 != 0; }
  void stream_end(Exchange&) override { over(true); }

 private:
  void next() {
    if (count_-- == 0) {
      --left_;
      return;
    }
    static constexpr std::array<std::string_view, 5> kPaths = {"/done", "/worker", "/pending",
                                                               "/twice", "/stream"};
    const unsigned turn = ++turn_;
    const std::string_view path = kPaths[random_() % kPaths.size()];
    exchange_.transport = this;
    exchange_.request.method = "GET";
    exchange_.request.path = path;
    pipeline_.head(exchange_);
    const bool impatient = random_() % 3 == 0 && path != "/stream";
    const bool leaves = random_() % 2 == 0;
    if (impatient)
      loop_.post([this, turn, leaves] {
        if (turn != turn_ || ended_) return;
        if (!leaves) pipeline_.refuse(exchange_, 504, "TIMEOUT", "late");
        over(!leaves);
      });
    ended_ = false;
    pipeline_.request(exchange_);
  }
  void over(bool sent) {
    ended_ = true;
    pipeline_.ended(exchange_, sent);
    exchange_.reset();
    loop_.post([this] { next(); });
  }

  Pipeline& pipeline_;
  Loop& loop_;
  std::minstd_rand random_;
  int count_;
  std::atomic<int>& left_;
  Exchange exchange_;
  unsigned turn_ = 0;
  bool ended_ = false;
};

TEST(Stress, EveryRequestEndsAndEverySnapshotDrains) {
  constexpr int kSenders = 8, kRequests = 400, kSwaps = 40;
  ThreadLoop one(0), two(1);
  Threads workers(3), plugin_threads(2);
  FakeClock clock;
  FakeIds ids;
  observe::SilentLogger logger;
  logger.set_level(static_cast<observe::Level>(200));
  Pipeline pipeline({},
                    {clock,
                     ids,
                     logger,
                     nullptr,
                     [&](std::function<void()> task, std::function<void()> expired) {
                       static std::atomic<int> turn{0};
                       if (++turn % 50 == 0) return false;
                       workers.queue.push(turn % 31 == 0 ? std::move(expired) : std::move(task));
                       return true;
                     },
                     {},
                     {}},
                    {&one, &two});
  Plugin acme;
  const auto later = [&](gantry_handle exchange, int resumes) {
    for (int i = 0; i < resumes; ++i) {
      plugin_threads.queue.push([&pipeline, exchange] {
        pipeline.header(exchange, "X-A", "1");
        pipeline.answer(exchange, 200, "text/plain", "later");
        pipeline.resume(exchange, GANTRY_DONE);
        pipeline.answer(exchange, 200, "text/plain", "after the end");
      });
    }
    return GANTRY_PENDING;
  };
  acme.middleware("look", "authn", [&](gantry_handle exchange, const gantry_request& request) {
    pipeline.principal(exchange, text(request.path), "r");
    return !request.on_worker && text(request.path) == "/worker" ? GANTRY_WORKER : GANTRY_NEXT;
  });
  acme.middleware("mark", "cache", {}, [&](gantry_handle exchange, const gantry_request& request) {
    pipeline.header(exchange, "X-Mark", text(request.path));
  });
  acme.route("GET", "/done", [&](gantry_handle exchange, const gantry_request&) {
    pipeline.answer(exchange, 200, "text/plain", "done");
    return GANTRY_DONE;
  });
  acme.route("GET", "/worker",
             [&](gantry_handle exchange, const gantry_request& request) {
               pipeline.answer(exchange, 200, "text/plain", text(request.path));
               return GANTRY_DONE;
             })
      .thread = GANTRY_ON_WORKER;
  acme.route("GET", "/pending",
             [&](gantry_handle exchange, const gantry_request&) { return later(exchange, 1); });
  acme.route("GET", "/twice",
             [&](gantry_handle exchange, const gantry_request&) { return later(exchange, 2); })
      .thread = GANTRY_ON_WORKER;
  acme.route("GET", "/stream", [&](gantry_handle exchange, const gantry_request&) {
    plugin_threads.queue.push([&pipeline, exchange] {
      pipeline.stream_begin(exchange, 200, "text/plain");
      for (int i = 0; i < 5; ++i) pipeline.stream_piece(exchange, "piece");
      pipeline.stream_end(exchange);
    });
    return GANTRY_PENDING;
  });
  const ChainConfig chains = {{"public", {"look", "mark"}}};
  std::atomic<int> left{kSenders}, drained{0};
  const auto publish = [&] {
    pipeline.publish(build_snapshot({acme.contribution}, chains).snapshot, {}, [&] { ++drained; });
  };
  publish();
  std::vector<std::unique_ptr<Sender>> senders;
  for (unsigned i = 0; i < kSenders; ++i) {
    senders.push_back(
        std::make_unique<Sender>(pipeline, i % 2 ? one : two, i + 1, kRequests, left));
    senders.back()->start();
  }
  for (int i = 0; i < kSwaps; ++i) {
    publish();
    std::this_thread::yield();
  }
  while (left > 0) std::this_thread::yield();
  while (drained < kSwaps + 1) std::this_thread::yield();
  workers.stop();
  plugin_threads.stop();
  one.thread.stop();
  two.thread.stop();
  EXPECT_EQ(acme.contribution.owner->failures, 0u);
}

}  // namespace
}  // namespace gantry::pipeline
