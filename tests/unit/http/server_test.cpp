// The server as a whole: many clients, other threads, stopping.
#include "core/http/server.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "client.hpp"
#include "core/runtime/loop.hpp"
#include "gantry/error.hpp"
#include "test_edge.hpp"

namespace gantry::http {
namespace {

TEST(Server, ServesFiveHundredConnectionsAtOnce) {
  Limits limits;
  limits.connections_per_address_max = 0;
  TestEdge edge(limits, 2);
  const uint16_t port = edge.start();
  std::vector<Client> clients;
  for (int i = 0; i < 500; ++i) clients.emplace_back(port);
  for (int round = 0; round < 3; ++round) {
    for (Client& client : clients) client.say(get("/" + std::to_string(round)));
    for (Client& client : clients) {
      EXPECT_EQ(client.answer().body, "GET /" + std::to_string(round) + " ");
    }
  }
  EXPECT_EQ(edge.server.connections(), 500u);
  EXPECT_EQ(edge.server.counters().accepted, 500u);
  EXPECT_TRUE(edge.handler.wait_ended(true, 1500));
}

TEST(Server, TakesAnswersFromOtherThreads) {
  TestEdge edge({}, 2);
  std::mutex mutex;
  std::vector<pipeline::Exchange*> queue;
  edge.handler.on("/worker", [&](pipeline::Exchange& e) {
    const std::lock_guard lock(mutex);
    queue.push_back(&e);
  });
  std::atomic<bool> stop{false};
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([&] {
      while (!stop) {
        pipeline::Exchange* e = nullptr;
        {
          const std::lock_guard lock(mutex);
          if (!queue.empty()) {
            e = queue.back();
            queue.pop_back();
          }
        }
        if (e == nullptr) {
          std::this_thread::yield();
          continue;
        }
        e->loop->post([e] {
          e->response.status = 200;
          e->response.body = "from a worker";
          e->transport->send(*e);
        });
      }
    });
  }
  const uint16_t port = edge.start();
  std::vector<Client> clients;
  for (int i = 0; i < 20; ++i) clients.emplace_back(port);
  for (int round = 0; round < 20; ++round) {
    for (Client& client : clients) client.say(get("/worker"));
    for (Client& client : clients) EXPECT_EQ(client.answer().body, "from a worker");
  }
  stop = true;
  for (std::thread& worker : workers) worker.join();
}

TEST(Server, RunsPostedTasksInOrderOnTheLoopsThread) {
  TestEdge edge({}, 2);
  edge.start();
  pipeline::Loop* loop = edge.server.loops()[1];
  EXPECT_EQ(loop->index(), 1u);
  std::vector<int> order;
  std::thread::id thread;
  std::atomic<int> done{0};
  for (int i = 0; i < 1000; ++i) {
    loop->post([&, i] {
      thread = std::this_thread::get_id();
      order.push_back(i);
      ++done;
      done.notify_all();
    });
  }
  for (int seen = 0; seen != 1000; seen = done) done.wait(seen);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
  EXPECT_NE(thread, std::this_thread::get_id());
}

// What is written to the one end, the loop tells of at the other.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe2(ends_, O_NONBLOCK | O_CLOEXEC), 0); }
  ~Pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int out() const { return ends_[0]; }
  int in() const { return ends_[1]; }
  void write() const { EXPECT_EQ(::write(ends_[1], "x", 1), 1); }
  void read() const {
    char byte;
    EXPECT_EQ(::read(ends_[0], &byte, 1), 1);
  }

 private:
  int ends_[2] = {-1, -1};
};

// Runs `task` on the loop and waits for it.
void on_loop(pipeline::Loop& loop, const std::function<void()>& task) {
  std::latch done(1);
  loop.post([&] {
    task();
    done.count_down();
  });
  done.wait();
}

TEST(Server, WatchesForeignDescriptorsAsLongAsThereIsSomethingToTell) {
  TestEdge edge;
  edge.start();
  pipeline::Loop& loop = *edge.server.loops()[0];
  const Pipe pipe;
  std::atomic<int> told{0};
  std::atomic<uint32_t> events{0};
  on_loop(loop, [&] {
    loop.watch(pipe.out(), runtime::kReadable, [&](uint32_t what) {
      events = what;
      if (++told == 3) pipe.read();  // told again until it is read
      told.notify_all();
    });
  });
  EXPECT_EQ(told, 0);
  pipe.write();
  for (int seen = 0; seen != 3; seen = told) told.wait(seen);
  EXPECT_EQ(events, runtime::kReadable);
  on_loop(loop, [] {});
  EXPECT_EQ(told, 3);
  on_loop(loop, [&] { loop.unwatch(pipe.out()); });
  pipe.write();
  on_loop(loop, [] {});
  EXPECT_EQ(told, 3);
  on_loop(loop, [&] { loop.unwatch(pipe.out()); });  // no harm
}

TEST(Server, AWatchMayChangeAndEndItselfAndOthersThatAreTold) {
  TestEdge edge;
  edge.start();
  pipeline::Loop& loop = *edge.server.loops()[0];
  const Pipe first, second, third;
  std::atomic<int> readable{0}, writable{0};
  on_loop(loop, [&] {
    // Both are ready in one turn; whichever is told first ends the other.
    for (const auto* pipes : {&first, &second}) {
      loop.watch(pipes->out(), runtime::kReadable, [&](uint32_t) {
        ++readable;
        loop.unwatch(first.out());
        loop.unwatch(second.out());
      });
      pipes->write();
    }
    loop.watch(third.in(), runtime::kWritable, [&](uint32_t) {
      loop.watch(third.in(), runtime::kReadable, [](uint32_t) { FAIL(); });
      ++writable;
      writable.notify_all();
    });
  });
  writable.wait(0);
  for (int i = 0; i < 3; ++i) on_loop(loop, [] {});
  on_loop(loop, [&] { loop.unwatch(third.in()); });
  EXPECT_EQ(readable, 1);
  EXPECT_EQ(writable, 1);
}

TEST(Server, KnowsTheLoopOfAThread) {
  TestEdge edge({}, 2);
  edge.start();
  EXPECT_EQ(runtime::this_loop(), nullptr);
  for (pipeline::Loop* loop : edge.server.loops())
    on_loop(*loop, [&] { EXPECT_EQ(runtime::this_loop(), loop); });
}

TEST(Server, RunsDelayedTasksOnceUnlessCancelled) {
  TestEdge edge;
  edge.start();
  pipeline::Loop* loop = edge.server.loops()[0];
  std::atomic<int> rung{0};
  std::atomic<int> cancelled{0};
  loop->post([&] {
    const uint64_t gone = loop->after(10, [&] { ++cancelled; });
    EXPECT_NE(gone, 0u);
    loop->after(30, [&] {
      loop->after(1, [&] {
        ++rung;
        rung.notify_all();
      });
    });
    loop->cancel(gone);
    loop->cancel(gone);
  });
  rung.wait(0);
  EXPECT_EQ(rung, 1);
  EXPECT_EQ(cancelled, 0);
}

TEST(Server, SaysCloseWhileStillAccepting) {
  TestEdge edge;
  const uint16_t port = edge.start();
  edge.server.announce_close();
  Client client(port);
  EXPECT_TRUE(client.ask(get("/")).has("Connection: close"));
  EXPECT_TRUE(client.closed());
}

TEST(Server, StopsAcceptingAndKeepsWhoIsInside) {
  TestEdge edge({}, 2);
  const uint16_t port = edge.start();
  Client inside(port);
  EXPECT_EQ(inside.ask(get("/1")).status, 200);
  edge.server.stop_accepting();
  EXPECT_FALSE(Client(port).connected());
  EXPECT_EQ(inside.ask(get("/2")).status, 200);
}

TEST(Server, DrainsIdleConnectionsAtOnceAndLetsRunningOnesFinish) {
  TestEdge edge({}, 2);
  std::atomic<pipeline::Exchange*> held{nullptr};
  edge.handler.on("/slow", [&](pipeline::Exchange& e) {
    held = &e;
    held.notify_all();
  });
  const uint16_t port = edge.start();
  Client idle(port);
  EXPECT_EQ(idle.ask(get("/")).status, 200);
  Client busy(port);
  busy.say(get("/slow"));
  held.wait(nullptr);
  edge.server.stop_accepting();
  std::thread stopping([&] { EXPECT_TRUE(edge.server.drain(20'000)); });
  EXPECT_TRUE(idle.closed());
  held.load()->loop->post([&] {
    held.load()->response.status = 200;
    held.load()->response.body = "finished";
    held.load()->transport->send(*held.load());
  });
  const Answer answer = busy.answer();
  EXPECT_EQ(answer.body, "finished");
  EXPECT_TRUE(answer.has("Connection: close"));
  stopping.join();
  EXPECT_EQ(edge.server.connections(), 0u);
}

TEST(Server, CutsWhatIsLeftAtTheDeadline) {
  TestEdge edge;
  std::atomic<bool> waiting{false};
  edge.handler.on("/never", [&](pipeline::Exchange&) {
    waiting = true;
    waiting.notify_all();
  });
  Client client(edge.start());
  client.say(get("/never"));
  waiting.wait(false);
  EXPECT_FALSE(edge.server.drain(50));
  EXPECT_EQ(client.answer().status, 503);
  EXPECT_EQ(edge.server.counters()[Reason::kDraining], 1u);
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(edge.handler.wait_ended(true, 1));
}

TEST(Server, EndsExchangesWhenItIsDestroyed) {
  SteadyClock clock;
  EchoHandler handler;
  std::atomic<bool> waiting{false};
  handler.on("/never", [&](pipeline::Exchange&) {
    waiting = true;
    waiting.notify_all();
  });
  auto server = std::make_unique<Server>(Limits(), clock, handler,
                                         std::vector<std::string>{"127.0.0.1:0"}, 2);
  server->start();
  Client client(server->port());
  client.say(get("/never"));
  waiting.wait(false);
  server.reset();
  EXPECT_EQ(handler.ended(true) + handler.ended(false), 1);
}

TEST(Server, ListensOnSeveralAddresses) {
  SteadyClock clock;
  EchoHandler handler;
  Server server({}, clock, handler, {"127.0.0.1:0", "127.0.0.1:0"}, 2);
  server.start();
  EXPECT_NE(server.port(0), server.port(1));
  EXPECT_EQ(server.address(0), "127.0.0.1:" + std::to_string(server.port(0)));
  EXPECT_EQ(Client(server.port(0)).ask(get("/a")).status, 200);
  EXPECT_EQ(Client(server.port(1)).ask(get("/b")).status, 200);
}

TEST(Server, RefusesAnAddressThatIsInUse) {
  TestEdge edge;
  SteadyClock clock;
  EchoHandler handler;
  const std::string taken = edge.server.address();
  EXPECT_THROW(Server({}, clock, handler, {taken}, 1), Error);
  EXPECT_THROW(Server({}, clock, handler, {"no such host:x"}, 1), Error);
}

TEST(Server, WaitsWhenThereAreNoFileDescriptorsLeft) {
  TestEdge edge;
  const uint16_t port = edge.start();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  Client first(port);
  EXPECT_EQ(first.ask(get("/")).status, 200);
  const int next_fd = ::open("/dev/null", O_RDONLY);
  ::close(next_fd);
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(next_fd) + 1;  // the client's socket and no more
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  Client client(port);
  const int64_t give_up_ns = edge.clock.monotonic_ns() + 20'000'000'000;
  while (edge.server.counters().accept_pauses == 0 && edge.clock.monotonic_ns() < give_up_ns) {
    std::this_thread::yield();
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(client.connected());
  EXPECT_EQ(client.ask(get("/patient")).status, 200);
  EXPECT_GE(edge.server.counters().accept_pauses, 1u);
  EXPECT_LE(edge.server.counters().accept_pauses, 20u);
}

}  // namespace
}  // namespace gantry::http
