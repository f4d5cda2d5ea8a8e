// Stand-ins for what plugins are given, and a directory that is gone after the test.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "core/plugins/health_board.hpp"
#include "core/plugins/kv_store.hpp"
#include "core/plugins/registry.hpp"
#include "core/plugins/service_directory.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {

class Folder {
 public:
  Folder() {
    char pattern[] = "/tmp/gantry_plugins_XXXXXX";
    path_ = ::mkdtemp(pattern);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

  // A copy of the test plugin of that id; returns its path.
  std::string add(const std::string& id) const { return add_as(id, id); }
  std::string add_as(const std::string& id, const std::string& name) const {
    const std::string to = join(path_, "/", name, ".so");
    std::filesystem::copy_file(join(GANTRY_TEST_PLUGIN_FILES, "/", id, ".so"), to,
                               std::filesystem::copy_options::overwrite_existing);
    ::chmod(to.c_str(), 0755);
    return to;
  }
  std::string write(const std::string& name, std::string_view bytes) const {
    const std::string to = join(path_, "/", name);
    std::ofstream(to, std::ios::binary) << bytes;
    ::chmod(to.c_str(), 0644);
    return to;
  }

 private:
  std::string path_;
};

inline std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ManualClock final : public base::Clock {
 public:
  Instant now() const override { return Instant(ns_ / 1000); }
  int64_t monotonic_ns() const override { return ns_; }
  void advance_ms(int64_t ms) { ns_ += ms * 1'000'000; }

 private:
  std::atomic<int64_t> ns_{1'000'000'000};
};

class CountingIds final : public base::Ids {
 public:
  Uuid uuid7() override { return uuid5(Uuid(), to_text(++count_)); }
  void random(std::span<std::byte> out) override {
    for (auto& byte : out) byte = std::byte{7};
  }

 private:
  std::atomic<int> count_{0};
};

// Keeps "<event> <message> key=value …".
class KeptLog final : public observe::Logger {
 public:
  KeptLog() { set_level(observe::Level::kDebug); }
  void write(observe::Level, std::string_view event, std::string_view message,
             observe::Fields fields) override {
    std::string line = join(event, " ", message);
    for (const auto& field : fields) {
      if (const auto* text = std::get_if<std::string_view>(&field.value))
        line += join(" ", field.name, "=", *text);
    }
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }
  size_t count(std::string_view part) const {
    const std::lock_guard lock(mutex_);
    size_t count = 0;
    for (const auto& line : lines_) count += line.find(part) != std::string::npos;
    return count;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

// Takes every unit; commits when told to, at once by default.
class FakeEvents : public log::Log {
 public:
  void append(log::Unit unit, std::function<void(const log::Outcome&)> done) override {
    {
      const std::lock_guard lock(mutex_);
      units.push_back(std::move(unit));
      if (hold) {
        held_.push_back(std::move(done));
        return;
      }
    }
    done({Code::kOk, "", {1, 2, false}, "", 0});
  }
  void release() {
    std::vector<std::function<void(const log::Outcome&)>> held;
    {
      const std::lock_guard lock(mutex_);
      hold = false;
      held.swap(held_);
    }
    for (auto& done : held) done({Code::kOk, "", {1, 2, false}, "", 0});
  }
  uint32_t read_stream(std::string_view stream, int64_t, uint32_t,
                       const std::function<bool(const log::Event&)>& visit) override {
    log::Event read = event(std::string(stream));
    read.type = type;
    visit(read);
    return 1;
  }
  uint32_t read_stream_back(std::string_view, int64_t, uint32_t,
                            const std::function<bool(const log::Event&)>&) override {
    return 0;
  }
  std::vector<log::EventPtr> read_back(log::Position, uint32_t) override { return {}; }
  std::optional<log::Snapshot> snapshot(std::string_view, int64_t) override { return {}; }
  void keep_snapshot(const log::Snapshot&) override {}
  int64_t stream_version(std::string_view) override { return 1; }
  std::vector<log::EventPtr> read(log::Position after, uint32_t) override {
    if (after > 0) return {};
    log::Event read = event("thing-1");
    read.type = type;
    return {std::make_shared<const log::Event>(std::move(read))};
  }
  std::optional<log::Event> find(const Uuid&) override { return std::nullopt; }
  log::Position head() const override { return 1; }
  std::optional<log::StoredAnswer> answer(std::string_view) override { return std::nullopt; }
  void on_commit(std::function<void(log::Position)>) override {}
  Instant now() const override { return Instant(42); }
  void stop() override {}

  static log::Event event(std::string stream) {
    return {1, std::move(stream), 1, Uuid(), "thing.made.v1", "{}", "{}", Instant(1)};
  }

  std::string type = "thing.made.v1";  // of the events that are read
  std::vector<log::Unit> units;
  bool hold = false;

 private:
  std::mutex mutex_;
  std::vector<std::function<void(const log::Outcome&)>> held_;
};

class FakeExchanges : public pipeline::Exchanges {
 public:
  gantry_rc header(gantry_handle, std::string_view, std::string_view) override { return GANTRY_OK; }
  gantry_rc answer(gantry_handle exchange, uint32_t status, std::string_view,
                   std::string_view body) override {
    if (exchange == 0) throw std::runtime_error("no such exchange");
    last = join(status, " ", body);
    return GANTRY_OK;
  }
  gantry_rc problem(gantry_handle, uint32_t, std::string_view, std::string_view, std::string_view,
                    std::string_view) override {
    return GANTRY_OK;
  }
  gantry_rc fail(gantry_handle, gantry_rc, std::string_view) override { return GANTRY_OK; }
  uint32_t status(gantry_handle) override { return 200; }
  gantry_rc answer_header(gantry_handle, std::string_view, std::string& value) override {
    value = "yes";
    return GANTRY_OK;
  }
  gantry_rc principal(gantry_handle, std::string_view, std::string_view) override {
    return GANTRY_OK;
  }
  gantry_rc resume(gantry_handle, uint32_t) override { return GANTRY_STALE; }
  gantry_rc stream_begin(gantry_handle, uint32_t, std::string_view) override { return GANTRY_OK; }
  gantry_rc stream_piece(gantry_handle, std::string_view) override { return GANTRY_EXHAUSTED; }
  gantry_rc stream_end(gantry_handle) override { return GANTRY_OK; }
  std::optional<log::StoredAnswer> stored_answer(gantry_handle) override {
    return log::StoredAnswer{"scope", "print", Uuid(), 200, "", "{}", 0, Instant(1)};
  }
  std::string last;
};

// Two routes of one pattern are a fault; drains at once unless `hold`.
class FakePublisher final : public Publisher {
 public:
  std::vector<pipeline::SnapshotFault> faults(const Composition& composition) override {
    std::vector<pipeline::SnapshotFault> faults;
    std::map<std::string, std::string> owners;
    for (const auto& one : composition.contributions) {
      for (const auto& route : one.routes) {
        const auto [other, first] = owners.emplace(route.pattern, one.owner->id());
        if (!first)
          faults.push_back(
              {"", join(route.pattern, " is of ", other->second, " and ", one.owner->id())});
      }
    }
    for (const std::string& fault : configuration) faults.push_back({"chains.public[0]", fault});
    return faults;
  }
  void publish(const Composition& composition, std::function<void()> on_switched,
               std::function<void()> on_drained) override {
    if (!faults(composition).empty()) throw Error(Code::kInvalid, faults(composition)[0].message);
    {
      const std::lock_guard lock(mutex);
      published = composition;
      ++publications;
    }
    on_switched();
    if (hold) {
      held = on_drained;
    } else {
      on_drained();
    }
  }
  std::string patterns() const {
    std::string all;
    for (const auto& one : published.contributions) {
      for (const auto& route : one.routes) all += route.pattern + " ";
    }
    return all;
  }
  const pipeline::RouteSpec& route(const std::string& pattern) const {
    for (const auto& one : published.contributions) {
      for (const auto& route : one.routes) {
        if (route.pattern == pattern) return route;
      }
    }
    throw Error(Code::kNotFound, pattern);
  }

  std::mutex mutex;
  Composition published;
  int publications = 0;
  std::vector<std::string> configuration;  // faults of it
  bool hold = false;
  std::function<void()> held;
};

class FakeConsumers final : public ConsumerControl {
 public:
  void add(const std::string& owner, const std::vector<consume::Projection>& p,
           const std::vector<consume::Process>& s) override {
    projections[owner] = p;
    processes[owner] = s;
  }
  void start(const std::string& owner) override { calls.push_back("start " + owner); }
  std::vector<std::string> stop(const std::string& owner, std::chrono::milliseconds) override {
    calls.push_back("stop " + owner);
    return stuck;
  }
  void remove(const std::string& owner) override {
    projections.erase(owner);
    processes.erase(owner);
  }
  std::map<std::string, std::vector<consume::Projection>> projections;
  std::map<std::string, std::vector<consume::Process>> processes;
  std::vector<std::string> calls;
  std::vector<std::string> stuck;
};

// A schema that takes every object.
constexpr std::string_view kAnything = R"({"type":"object"})";

// Everything tables stand on, with one real SQLite database "projections".
struct Bench {
  Bench() { event_types.add({log::declared_type("thing.made.v1", kAnything)}); }

  Folder data;
  ManualClock clock;
  CountingIds ids;
  KeptLog log;
  observe::Metrics metrics;
  FakeEvents events;
  FakeExchanges exchanges;
  std::unique_ptr<sql::Database> projections = [this] {
    sql::DatabaseOptions options;
    options.name = "projections";
    options.url = "sqlite:projections.db";
    options.data_dir = data.path();
    options.wait_max = std::chrono::milliseconds(100);
    return sql::open_database(options);
  }();
  KvStore kv{{}, clock};
  HealthBoard health{std::chrono::milliseconds(20), clock, log};
  ServiceDirectory services;
  log::EventTypes event_types;
  Ports ports{.host_version = "0.1.0",
              .clock = clock,
              .ids = ids,
              .logger = log,
              .metrics = metrics,
              .log = events,
              .log_limits = {},
              .event_types = event_types,
              .exchanges = exchanges,
              .databases = {{"projections", projections.get()}},
              .kv = kv,
              .health = health,
              .services = services,
              .json = {},
              .bounds = {}};
};

inline gantry_str abi(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace gantry::plugins
