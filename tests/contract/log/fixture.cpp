#include "tests/contract/log/fixture.hpp"

#include <stdlib.h>

#include <thread>

#include "gantry/text.hpp"

namespace gantry::log::test {

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "gantry-log-XXXXXX").string();
  path_ = mkdtemp(pattern.data());
}

Uuid command(int n) { return uuid5(Uuid(), join("command ", n)); }

Unit unit(int n, std::vector<StreamAppend> appends) {
  Unit made;
  made.command = command(n);
  made.meta = join("{\"n\":", n, "}");
  made.appends = std::move(appends);
  return made;
}

StreamAppend to(std::string stream, int64_t expected, int events) {
  StreamAppend append{std::move(stream), expected, {}};
  for (int i = 0; i < events; ++i)
    append.events.push_back({"test.counted.v1", join("{\"i\":", i, "}")});
  return append;
}

std::vector<EventPtr> all(Log& log) {
  std::vector<EventPtr> events;
  for (;;) {
    auto page = log.read(static_cast<Position>(events.size()), 100);
    if (page.empty()) return events;
    events.insert(events.end(), page.begin(), page.end());
  }
}

std::vector<Event> stream_of(Log& log, const std::string& stream) {
  std::vector<Event> events;
  log.read_stream(stream, 0, 1'000'000, [&](const Event& event) {
    events.push_back(event);
    return true;
  });
  return events;
}

bool reaches(Log& log, Position position) {
  struct Arrival {
    std::mutex mutex;
    std::condition_variable moved;
  } arrival;
  log.on_commit([&](Position) {
    const std::lock_guard lock(arrival.mutex);
    arrival.moved.notify_all();
  });
  bool reached = false;
  {
    std::unique_lock lock(arrival.mutex);
    reached = arrival.moved.wait_for(lock, std::chrono::seconds(10),
                                     [&] { return log.head() >= position; });
  }
  log.on_commit(nullptr);
  return reached;
}

std::function<void(const Outcome&)> Outcomes::slot(size_t i) {
  return [this, i](const Outcome& outcome) {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(outcomes_[i].has_value()) << "answered twice";
    outcomes_[i] = outcome;
    arrived_.notify_all();
  };
}

std::vector<Outcome> Outcomes::wait() {
  std::vector<Outcome> all;
  for (size_t i = 0; i < outcomes_.size(); ++i) all.push_back(wait_for(i));
  return all;
}

Outcome Outcomes::wait_for(size_t i) {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [&] { return outcomes_[i].has_value(); });
  return *outcomes_[i];
}

HeldWriter::HeldWriter(Log& log, int n) {
  log.append(unit(n), [this](const Outcome&) {
    std::unique_lock lock(mutex_);
    held_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return released_; });
    left_ = true;
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return held_; });
}

void HeldWriter::release() {
  std::unique_lock lock(mutex_);
  released_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return left_; });
}

}  // namespace gantry::log::test
