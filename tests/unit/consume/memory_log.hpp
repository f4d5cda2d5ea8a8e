// An event log in memory, for tests of its readers; it is its own tail.
#pragma once
#include <condition_variable>
#include <map>
#include <mutex>

#include "core/consume/event_source.hpp"
#include "core/log/log.hpp"
#include "gantry/text.hpp"

namespace gantry::consume {

class MemoryLog final : public log::Log, public EventSource {
 public:
  // Appends one event and returns its position.
  log::Position add(const std::string& stream, const std::string& data = "{}") {
    const std::lock_guard lock(mutex_);
    auto event = std::make_shared<log::Event>();
    event->position = static_cast<log::Position>(events_.size()) + 1;
    event->stream = stream;
    event->version = ++versions_[stream];
    event->id = uuid5(Uuid(), join("event ", event->position));
    event->type = "test.happened.v1";
    event->data = data;
    event->meta = "{}";
    events_.push_back(std::move(event));
    grown_.notify_all();
    return static_cast<log::Position>(events_.size());
  }

  // As if the log had been restored from elsewhere: another event at that place.
  void replace(log::Position position) {
    const std::lock_guard lock(mutex_);
    auto other = std::make_shared<log::Event>(*events_.at(static_cast<size_t>(position) - 1));
    other->id = uuid5(other->id, "another");
    events_[static_cast<size_t>(position) - 1] = std::move(other);
  }
  void cut_to(log::Position position) {
    const std::lock_guard lock(mutex_);
    events_.resize(static_cast<size_t>(position));
  }

  // Whoever reads over this position is told that it is damaged.
  void damage(log::Position position) {
    const std::lock_guard lock(mutex_);
    damaged_ = position;
  }

  std::vector<log::EventPtr> read(log::Position after, uint32_t max) override {
    const std::lock_guard lock(mutex_);
    if (damaged_ > after && damaged_ <= after + max)
      throw Error(Code::kInternal, join("the event at position ", damaged_, " is damaged"));
    const size_t begin = std::min(static_cast<size_t>(after), events_.size());
    const size_t end = std::min(begin + max, events_.size());
    return {events_.begin() + static_cast<std::ptrdiff_t>(begin),
            events_.begin() + static_cast<std::ptrdiff_t>(end)};
  }
  std::vector<log::EventPtr> after(log::Position position, uint32_t max) override {
    return read(position, max);
  }
  bool wait(log::Position position, std::chrono::milliseconds within) override {
    std::unique_lock lock(mutex_);
    return grown_.wait_for(lock, within,
                           [&] { return static_cast<log::Position>(events_.size()) > position; });
  }
  log::Position head() const override {
    const std::lock_guard lock(mutex_);
    return static_cast<log::Position>(events_.size());
  }

  void append(log::Unit, std::function<void(const log::Outcome&)>) override {}
  uint32_t read_stream(std::string_view, int64_t, uint32_t,
                       const std::function<bool(const log::Event&)>&) override {
    return 0;
  }
  uint32_t read_stream_back(std::string_view, int64_t, uint32_t,
                            const std::function<bool(const log::Event&)>&) override {
    return 0;
  }
  std::vector<log::EventPtr> read_back(log::Position, uint32_t) override { return {}; }
  std::optional<log::Snapshot> snapshot(std::string_view, int64_t) override { return {}; }
  void keep_snapshot(const log::Snapshot&) override {}
  int64_t stream_version(std::string_view) override { return 0; }
  std::optional<log::Event> find(const Uuid&) override { return std::nullopt; }
  std::optional<log::StoredAnswer> answer(std::string_view) override { return std::nullopt; }
  void on_commit(std::function<void(log::Position)>) override {}
  Instant now() const override { return Instant(0); }
  void stop() override {}

 private:
  mutable std::mutex mutex_;
  std::condition_variable grown_;
  std::vector<log::EventPtr> events_;
  log::Position damaged_ = 0;
  std::map<std::string, int64_t> versions_;
};

}  // namespace gantry::consume
