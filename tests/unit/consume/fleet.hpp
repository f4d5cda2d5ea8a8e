// Several instances over the same log and databases, on one clock that only the test moves. Each
// reaches the databases through a gate of its own; while that is shut, whoever wants a session (and
// every handler) waits, as the threads of a stopped process do.
#pragma once
#include "tests/unit/consume/rig.hpp"

namespace gantry::consume {

class ManualClock final : public base::Clock {
 public:
  Instant now() const override { return Instant(ns_ / 1000); }
  int64_t monotonic_ns() const override { return ns_; }
  void advance(std::chrono::milliseconds by) { ns_ += by.count() * 1'000'000; }

 private:
  std::atomic<int64_t> ns_{1'000'000'000'000};
};

class Gate {
 public:
  void shut() { set(true); }
  void open() { set(false); }
  bool is_shut() const {
    const std::lock_guard lock(mutex_);
    return shut_;
  }
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    opened_.wait(lock, [&] { return !shut_; });
    --waiting_;
  }
  int waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_;
  }

 private:
  void set(bool shut) {
    const std::lock_guard lock(mutex_);
    shut_ = shut;
    opened_.notify_all();
  }
  mutable std::mutex mutex_;
  std::condition_variable opened_;
  bool shut_ = false;
  int waiting_ = 0;
};

class GatedDatabase final : public sql::Database {
 public:
  GatedDatabase(sql::Database& real, Gate& gate) : real_(real), gate_(gate) {}
  sql::Lease reader() override {
    gate_.pass();
    return real_.reader();
  }
  sql::Lease writer() override {
    gate_.pass();
    return real_.writer();
  }
  std::unique_ptr<sql::Asker> asker(const sql::AskerPorts& ports) override {
    return real_.asker(ports);
  }
  const std::string& name() const override { return real_.name(); }
  std::string engine() const override { return real_.engine(); }

 private:
  sql::Database& real_;
  Gate& gate_;
};

inline Limits fleet_limits() {
  Limits limits = quick_limits();
  limits.checkpoint_ms = 0;  // the clock stands still: whenever there is something to write
  limits.lease_ms = 10000;
  limits.standby_poll_ms = 2;
  limits.standby_follow_ms = 1;
  return limits;
}

class Instance {
 public:
  Instance(const std::string& id, Rig& rig, const base::Clock& clock, const Limits& limits)
      : name(id),
        events_(rig.events, gate),
        projections_(rig.projections, gate),
        consumers(
            rig.log, rig.source(),
            [this](std::string_view database) -> sql::Database& {
              return database == "events" ? events_ : projections_;
            },
            limits, clock, rig.silent, metrics, id) {}
  ~Instance() { gate.open(); }

  ConsumerStatus status(const std::string& consumer) {
    for (const auto& one : consumers.list()) {
      if (one.name == consumer) return one;
    }
    return {};
  }
  bool becomes(const std::string& consumer, State state) {
    return Rig::eventually([&] { return status(consumer).state == state; });
  }

  const std::string name;
  Gate gate;
  observe::Metrics metrics;

 private:
  GatedDatabase events_;
  GatedDatabase projections_;

 public:
  Consumers consumers;
};

class Fleet {
 public:
  explicit Fleet(size_t instances, const Limits& limits = fleet_limits()) : rig(limits) {
    for (size_t i = 0; i < instances; ++i) add(join("instance-", i), limits);
  }

  Instance& add(const std::string& id, const Limits& limits = fleet_limits()) {
    return *members.emplace_back(std::make_unique<Instance>(id, rig, clock, limits));
  }
  Instance& operator[](size_t index) { return *members[index]; }
  std::chrono::milliseconds lease() const { return std::chrono::milliseconds(10000); }

  // As if another instance had taken it by force; it keeps the lease for its time.
  void steal(sql::Database& database, const std::string& consumer) {
    database.writer()->exec(
        "UPDATE es_checkpoint SET epoch = epoch + 1, owner = 'thief', lease_until = ? "
        "WHERE consumer = ?",
        {(clock.now() + lease()).us(), std::string_view(consumer)});
  }
  Standing standing(sql::Database& database, const std::string& consumer, uint32_t version) {
    return Checkpoint(consumer, version).read(*database.reader()).value_or(Standing());
  }

  Rig rig;
  ManualClock clock;
  std::vector<std::unique_ptr<Instance>> members;
};

}  // namespace gantry::consume
