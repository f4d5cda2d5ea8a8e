// A log whose commits the test performs, one by one: nothing that was appended takes effect before.
// Keeps versions and tips like the real one; what "another server" appends is simply there.
#pragma once
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/log/log.hpp"
#include "gantry/text.hpp"

namespace gantry::ahead_test {

class ControlledLog final : public log::Log {
 public:
  void append(log::Unit unit, std::function<void(const log::Outcome&)> done) override {
    const std::lock_guard lock(mutex_);
    queue_.push_back({std::move(unit), std::move(done)});
    arrived_.notify_one();
  }

  // Commits the one that waits longest.
  void commit() {
    Queued queued = take();
    log::Outcome outcome;
    {
      const std::lock_guard lock(mutex_);
      outcome = apply(queued.unit);
    }
    queued.done(outcome);
  }
  void commit_all() {
    while (waiting() > 0) commit();
  }
  // It ends so, and nothing is written.
  void fail(Code code) {
    log::Outcome outcome;
    outcome.code = code;
    take().done(outcome);
  }
  // Outcomes come in another order than commits.
  void commit_and_tell_backwards() {
    std::vector<std::pair<Queued, log::Outcome>> ended;
    while (waiting() > 0) {
      Queued queued = take();
      const std::lock_guard lock(mutex_);
      log::Outcome outcome = apply(queued.unit);
      ended.emplace_back(std::move(queued), std::move(outcome));
    }
    for (auto at = ended.rbegin(); at != ended.rend(); ++at) at->first.done(at->second);
  }
  size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
  }
  log::Unit& at(size_t index) { return queue_.at(index).unit; }

  // Commits everything on a thread of its own, in batches, until stop_committing().
  void start_committing() {
    committing_ = true;
    thread_ = std::thread([this] {
      while (true) {
        std::vector<Queued> batch;
        std::vector<log::Outcome> outcomes;
        {
          std::unique_lock lock(mutex_);
          arrived_.wait(lock, [this] { return !queue_.empty() || !committing_; });
          if (queue_.empty()) return;
          for (; !queue_.empty() && batch.size() < 8; queue_.pop_front()) {
            batch.push_back(std::move(queue_.front()));
            outcomes.push_back(apply(batch.back().unit));
          }
        }
        for (size_t i = 0; i < batch.size(); ++i) batch[i].done(outcomes[i]);
      }
    });
  }
  void stop_committing() {
    {
      const std::lock_guard lock(mutex_);
      committing_ = false;
      arrived_.notify_one();
    }
    thread_.join();
  }

  // As another server appends.
  void append_elsewhere(const std::string& stream, const std::string& type,
                        const std::string& data) {
    const std::lock_guard lock(mutex_);
    write(stream, uuid5(Uuid(), join("elsewhere ", ++elsewhere_)), {type, data});
  }
  // As if the log had been restored from a copy.
  void put_back(const std::string& stream, size_t version) {
    const std::lock_guard lock(mutex_);
    streams_[stream].resize(version);
  }
  std::vector<log::Event> events_of(const std::string& stream) const {
    const std::lock_guard lock(mutex_);
    const auto at = streams_.find(stream);
    return at == streams_.end() ? std::vector<log::Event>() : at->second;
  }

  uint32_t read_stream(std::string_view stream, int64_t after, uint32_t max,
                       const std::function<bool(const log::Event&)>& visit) override {
    uint32_t count = 0;
    for (const log::Event& event : events_of(std::string(stream))) {
      if (event.version <= after || count == max) continue;
      ++count;
      ++events_read;
      if (!visit(event)) break;
    }
    ++reads;
    return count;
  }
  std::optional<log::Snapshot> snapshot(std::string_view stream, int64_t schema) override {
    const std::lock_guard lock(mutex_);
    const auto at = snapshots_.find(std::string(stream));
    if (at == snapshots_.end() || at->second.schema != schema) return std::nullopt;
    return at->second;
  }
  void keep_snapshot(const log::Snapshot& snapshot) override {
    const std::lock_guard lock(mutex_);
    snapshots_[snapshot.stream] = snapshot;
    ++snapshots_kept;
  }
  log::Position head() const override { return position_; }

  uint32_t read_stream_back(std::string_view, int64_t, uint32_t,
                            const std::function<bool(const log::Event&)>&) override {
    return 0;
  }
  int64_t stream_version(std::string_view) override { return 0; }
  std::vector<log::EventPtr> read(log::Position, uint32_t) override { return {}; }
  std::vector<log::EventPtr> read_back(log::Position, uint32_t) override { return {}; }
  std::optional<log::Event> find(const Uuid&) override { return std::nullopt; }
  std::optional<log::StoredAnswer> answer(std::string_view) override { return std::nullopt; }
  void on_commit(std::function<void(log::Position)>) override {}
  Instant now() const override { return Instant(1); }
  void stop() override {}

  std::atomic<int> reads{0}, events_read{0}, snapshots_kept{0};

 private:
  struct Queued {
    log::Unit unit;
    std::function<void(const log::Outcome&)> done;
  };
  Queued take() {
    const std::lock_guard lock(mutex_);
    Queued queued = std::move(queue_.front());
    queue_.pop_front();
    return queued;
  }
  log::Outcome apply(const log::Unit& unit) {
    log::Outcome outcome;
    const Uuid first = uuid5(unit.command, "0");
    const bool writes = std::any_of(unit.appends.begin(), unit.appends.end(),
                                    [](const auto& one) { return !one.events.empty(); });
    for (const auto& [stream, events] : streams_) {
      if (!writes) break;
      for (const log::Event& event : events) {
        if (event.id == first) {
          outcome.committed.repeated = true;
          return outcome;
        }
      }
    }
    for (const log::StreamAppend& append : unit.appends) {
      const auto& events = streams_[append.stream];
      const auto version = static_cast<int64_t>(events.size());
      const bool same = !append.tip || (version > 0 && events.back().id == *append.tip);
      if (append.expected >= 0 && (append.expected != version || !same)) {
        outcome.code = Code::kConflict;
        outcome.detail = join(append.stream, " is at ", version, ", expected ", append.expected);
        return outcome;
      }
    }
    int n = 0;
    for (const log::StreamAppend& append : unit.appends) {
      for (const log::NewEvent& event : append.events)
        write(append.stream, uuid5(unit.command, to_text(n++)), event);
    }
    outcome.committed.last = n > 0 ? position_.load() : 0;
    return outcome;
  }
  void write(const std::string& stream, const Uuid& id, const log::NewEvent& event) {
    auto& events = streams_[stream];
    events.push_back({++position_, stream, static_cast<int64_t>(events.size()) + 1, id, event.type,
                      event.data, "{}", Instant(1)});
  }

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Queued> queue_;
  std::map<std::string, std::vector<log::Event>> streams_;
  std::map<std::string, log::Snapshot> snapshots_;
  std::atomic<log::Position> position_{0};
  int elsewhere_ = 0;
  bool committing_ = false;
  std::thread thread_;
};

}  // namespace gantry::ahead_test
