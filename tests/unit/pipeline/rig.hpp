// Rig: a pipeline between a fake edge and fake plugins. Everything runs on the test's thread, step
// by step: what a real server does on loops and workers waits in queues until the test lets it run.
#pragma once
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/pipeline/pipeline.hpp"

namespace gantry::pipeline {

class FakeLoop final : public Loop {
 public:
  explicit FakeLoop(unsigned index = 0) : index_(index) {}
  void post(std::function<void()> task) override {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  unsigned index() const override { return index_; }
  uint64_t after(uint32_t, std::function<void()> task) override {
    timers_[++timer_] = std::move(task);
    return timer_;
  }
  void cancel(uint64_t timer) override { timers_.erase(timer); }
  void watch(int, uint32_t, std::function<void(uint32_t)>) override {}
  void unwatch(int) override {}

  // Runs what was posted, and what that posts.
  bool run() {
    bool any = false;
    while (true) {
      std::function<void()> task;
      {
        const std::lock_guard lock(mutex_);
        if (tasks_.empty()) return any;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
      any = true;
    }
  }
  void fire_timers() {
    auto due = std::exchange(timers_, {});
    for (auto& [id, task] : due) task();
  }

 private:
  const unsigned index_;
  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;  // guarded by mutex_
  std::map<uint64_t, std::function<void()>> timers_;
  uint64_t timer_ = 0;
};

class FakeClock final : public base::Clock {
 public:
  Instant now() const override { return Instant(1'700'000'000'000'000); }
  int64_t monotonic_ns() const override { return 5'000'000; }
};

// 00000000-0000-7000-8000-000000000001, …2, …
class FakeIds final : public base::Ids {
 public:
  Uuid uuid7() override {
    const std::lock_guard lock(mutex_);
    std::array<uint8_t, 16> bytes{};
    bytes[6] = 0x70;
    bytes[8] = 0x80;
    bytes[15] = ++last_;
    bytes[14] = static_cast<uint8_t>(last_ == 0 ? ++high_ : high_);
    return Uuid(bytes);
  }
  void random(std::span<std::byte>) override {}

 private:
  std::mutex mutex_;
  uint8_t last_ = 0, high_ = 0;
};

class FakeLogger final : public observe::Logger {
 public:
  FakeLogger() { set_level(observe::Level::kDebug); }
  void write(observe::Level level, std::string_view event, std::string_view message,
             observe::Fields fields) override {
    const std::lock_guard lock(mutex_);
    std::string line = std::string(name_of(level)) + " " + std::string(event);
    if (!message.empty()) line += ": " + std::string(message);
    for (const observe::Field& field : fields) {
      line += " " + std::string(field.name) + "=";
      if (const auto* text = std::get_if<std::string_view>(&field.value)) line += *text;
      if (const auto* number = std::get_if<int64_t>(&field.value)) line += std::to_string(*number);
    }
    lines.push_back(line);
  }
  std::vector<std::string> lines_of(std::string_view event) const {
    std::vector<std::string> found;
    for (const std::string& line : lines) {
      if (line.find(std::string(event)) != line.npos) found.push_back(line);
    }
    return found;
  }
  std::vector<std::string> lines;

 private:
  std::mutex mutex_;
};

// A plugin's functions as lambdas.
using Call = std::function<uint32_t(gantry_handle, const gantry_request&)>;
using Return = std::function<void(gantry_handle, const gantry_request&)>;

class Plugin {
 public:
  explicit Plugin(std::string id = "acme") {
    contribution.owner = std::make_shared<Owner>(std::move(id));
  }

  RouteSpec& route(std::string method, std::string pattern, Call handle) {
    Functions& functions = keep({std::move(handle), {}});
    RouteSpec spec;
    spec.method = std::move(method);
    spec.pattern = std::move(pattern);
    spec.chain = "public";
    spec.access = GANTRY_ACCESS_PUBLIC;
    spec.self = &functions;
    spec.handle = &Plugin::on_call;
    return contribution.routes.emplace_back(spec);
  }
  void middleware(std::string name, std::string phase, Call on_request, Return on_response = {}) {
    Functions& functions = keep({std::move(on_request), std::move(on_response)});
    MiddlewareSpec spec;
    spec.name = std::move(name);
    spec.phase = std::move(phase);
    spec.self = &functions;
    if (functions.call) spec.on_request = &Plugin::on_call;
    if (functions.back) spec.on_response = &Plugin::on_return;
    contribution.middleware.push_back(spec);
  }

  Contribution contribution;

 private:
  struct Functions {
    Call call;
    Return back;
  };
  Functions& keep(Functions functions) {
    return *functions_.emplace_back(std::make_unique<Functions>(std::move(functions)));
  }
  static uint32_t on_call(void* self, gantry_handle exchange,
                          const gantry_request* request) noexcept {
    return static_cast<Functions*>(self)->call(exchange, *request);
  }
  static void on_return(void* self, gantry_handle exchange,
                        const gantry_request* request) noexcept {
    static_cast<Functions*>(self)->back(exchange, *request);
  }
  std::vector<std::unique_ptr<Functions>> functions_;
};

inline std::string text(gantry_str s) { return s.size ? std::string(s.data, s.size) : ""; }

// One request through the fake edge.
class Client final : public Transport {
 public:
  Client(Pipeline& pipeline, Loop& loop) : pipeline_(pipeline) {
    exchange.loop = &loop;
    exchange.transport = this;
  }

  void begin(std::string method, std::string target,
             std::vector<std::pair<std::string, std::string>> headers = {}, std::string body = {}) {
    texts_ = {std::move(method), std::move(target), std::move(body)};
    headers_ = std::move(headers);
    Request& request = exchange.request;
    request.method = texts_[0];
    request.target = texts_[1];
    const size_t question = request.target.find('?');
    request.path = request.target.substr(0, question);
    request.query = question == request.target.npos ? "" : request.target.substr(question + 1);
    for (const auto& [name, value] : headers_) request.headers.push_back({name, value});
    request.has_body = !texts_[2].empty();
    request.peer = "127.0.0.1";
    exchange.transport = this;
    pipeline_.head(exchange);
    if (exchange.response.status != 0) {
      answered = true;
      return;
    }
    request.body = texts_[2];
    pipeline_.request(exchange);
  }
  // The edge uses the request's buffers for something else, as after the end of an exchange.
  void overwrite() {
    for (std::string& text : texts_) text.assign(text.size(), '#');
    for (auto& [name, value] : headers_) value.assign(value.size(), '#');
    exchange.request_id.assign(exchange.request_id.size(), '#');
  }
  // The edge's clock says it took too long.
  void time_out() {
    pipeline_.refuse(exchange, 504, "TIMEOUT", "the request took longer than allowed");
    answered = true;
  }
  // The answer is out (or the client gone).
  void end(bool sent = true) {
    pipeline_.ended(exchange, sent);
    exchange.reset();
    over = true;
  }

  void send(Exchange&) override {
    EXPECT_FALSE(answered) << "answered twice";
    answered = true;
  }
  void stream_head(Exchange&) override { streaming = true; }
  bool stream_piece(Exchange&, std::string_view bytes) override {
    if (stuck) return false;
    streamed += bytes;
    return true;
  }
  void stream_end(Exchange&) override { answered = true; }

  int status() const { return answered ? exchange.response.status : 0; }
  const std::string& body() const { return exchange.response.body; }
  std::string header(std::string_view name) const {
    return std::string(exchange.response.header_value(name));
  }

  Exchange exchange;
  bool answered = false, over = false, streaming = false, stuck = false;
  std::string streamed;

 private:
  Pipeline& pipeline_;
  std::array<std::string, 3> texts_;
  std::vector<std::pair<std::string, std::string>> headers_;
};

class Rig {
 public:
  explicit Rig(PipelineOptions options = {}) : pipeline(options, ports(), {&loop}) {}

  void publish(std::vector<Contribution> contributions, ChainConfig chains = {{"public", {}}},
               KnownMiddleware known = {}) {
    BuiltSnapshot built = build_snapshot(contributions, chains, known);
    ASSERT_TRUE(built.faults.empty()) << built.faults[0].path << ": " << built.faults[0].message;
    pipeline.publish(built.snapshot, {}, {});
    loop.run();
  }
  // Loop, workers and loop again until nothing is left to do.
  void run() {
    while (loop.run() || run_worker()) {
    }
  }
  bool run_worker() {
    if (work.empty()) return false;
    auto task = std::move(work.front());
    work.pop_front();
    task.first();
    return true;
  }

  // A whole request: the answer as "status body".
  Client& send(std::string method, std::string target,
               std::vector<std::pair<std::string, std::string>> headers = {},
               std::string body = {}) {
    Client& client = *clients.emplace_back(std::make_unique<Client>(pipeline, loop));
    client.begin(std::move(method), std::move(target), std::move(headers), std::move(body));
    run();
    return client;
  }

  uint32_t answer(gantry_handle exchange, std::string_view body = "{}", uint32_t status = 200) {
    EXPECT_EQ(pipeline.answer(exchange, status, "application/json", body), GANTRY_OK);
    return GANTRY_DONE;
  }

  FakeLoop loop;
  FakeClock clock;
  FakeIds ids;
  FakeLogger logger;
  observe::Metrics metrics;
  std::deque<std::pair<std::function<void()>, std::function<void()>>> work;
  bool full = false;
  std::map<std::string, log::StoredAnswer> stored;
  std::vector<std::function<void(bool)>> waiting;  // for a position
  std::vector<std::string> waited_for;
  Pipeline pipeline;
  std::vector<std::unique_ptr<Client>> clients;

 private:
  Ports ports() {
    return {clock,
            ids,
            logger,
            &metrics,
            [this](std::function<void()> task, std::function<void()> expired) {
              if (full) return false;
              work.emplace_back(std::move(task), std::move(expired));
              return true;
            },
            [this](const std::string& projection, log::Position position, uint32_t timeout_ms,
                   std::function<void(bool)> done) {
              waited_for.push_back(projection + " " + std::to_string(position) + " " +
                                   std::to_string(timeout_ms));
              waiting.push_back(std::move(done));
            },
            [this](std::string_view scope) -> std::optional<log::StoredAnswer> {
              const auto found = stored.find(std::string(scope));
              if (found == stored.end()) return std::nullopt;
              return found->second;
            }};
  }
};

}  // namespace gantry::pipeline
