// What the tests of the contract share: a log of the adapter in its own folder, units, and waiting
// for callbacks.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "tests/contract/log/adapters.hpp"
#include "tests/contract/log/manual_clock.hpp"

namespace gantry::log::test {

// A folder of its own, gone at the end.
class Folder {
 public:
  Folder();
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Command ids 1, 2, 3 ...
Uuid command(int n);
Unit unit(int n, std::vector<StreamAppend> appends = {});
StreamAppend to(std::string stream, int64_t expected, int events = 1);

// Everything in the log, page by page.
std::vector<EventPtr> all(Log& log);
std::vector<Event> stream_of(Log& log, const std::string& stream);

// Blocks until the log's head is at `position`; false after ten seconds.
bool reaches(Log& log, Position position);

// Collects outcomes that arrive on the log's threads.
class Outcomes {
 public:
  explicit Outcomes(size_t count) : outcomes_(count) {}
  std::function<void(const Outcome&)> slot(size_t i);
  // All, once the last has come.
  std::vector<Outcome> wait();
  Outcome wait_for(size_t i);

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::optional<Outcome>> outcomes_;
};

// Keeps the log's writer in a callback until released, so that what is appended meanwhile makes one
// group.
class HeldWriter {
 public:
  explicit HeldWriter(Log& log, int n = 9999);
  ~HeldWriter() { release(); }
  void release();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false, released_ = false, left_ = false;
};

class LogContract : public testing::TestWithParam<Adapter> {
 protected:
  Log& open(const Limits& limits = {}) {
    log_.reset();
    log_ = GetParam().open(folder_.path(), limits, clock_);
    return *log_;
  }
  Log& log() { return *log_; }
  ManualClock clock_;
  Folder folder_;

 private:
  std::unique_ptr<Log> log_;
};

#define GANTRY_LOG_CONTRACT(suite)                                   \
  INSTANTIATE_TEST_SUITE_P(On, suite, testing::ValuesIn(adapters()), \
                           [](const auto& one) { return one.param.name; })

}  // namespace gantry::log::test
