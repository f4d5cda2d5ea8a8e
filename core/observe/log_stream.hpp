// LogStream: the Logger that writes lines to stdout (or to a sink) from one thread of its own, so
// that whoever logs never waits for the pipe.
//
// The queue is bounded. Debug lines may fill three quarters of it, info lines seven eighths; what
// does not fit is dropped and counted, and the count is logged ("log.dropped"). Warn and error
// lines are never dropped: with the queue full they wait `full_wait_ms_max` and are then written by
// the caller. Warn and error lines of one event beyond `repeats_per_second_max` are collapsed (see
// Repeats).
#pragma once
#include <array>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/base/clock.hpp"
#include "core/observe/log.hpp"
#include "core/observe/log_line.hpp"
#include "core/observe/repeats.hpp"

namespace gantry::observe {

enum class LogFormat : uint8_t { kAuto, kJson, kPretty };  // kAuto: pretty on a terminal, else JSON

struct LogStreamOptions {
  Level level = Level::kInfo;
  LogFormat format = LogFormat::kAuto;
  LogLineOptions line = {};
  uint32_t queue_max = 8192;  // lines
  uint32_t full_wait_ms_max = 100;
  uint32_t repeats_per_second_max = 10;
};

// Receives whole lines, newline included, one call at a time. Must not log.
using LogSink = std::function<void(std::string_view lines)>;

struct LogCounts {
  std::array<uint64_t, 4> written{};  // by Level
  std::array<uint64_t, 4> dropped{};
  uint64_t suppressed = 0;
};

class LogStream final : public Logger {
 public:
  // Without a sink: file descriptor 1.
  LogStream(LogStreamOptions options, const base::Clock& clock, LogSink sink = {});
  ~LogStream() override;  // stop()

  void write(Level level, std::string_view event, std::string_view message, Fields fields) override;

  // Waits until all lines written before the call are in the sink; false when that takes longer.
  bool flush(std::chrono::milliseconds within);

  // Writes what is queued and ends the thread. Later lines go to the sink directly.  [setup]
  void stop();

  LogCounts counts() const;  // [any]

 private:
  struct Line {
    Level level;
    std::string text;
  };
  void run();
  void emit(const std::vector<Line>& lines);
  void report_losses(bool all);
  std::string text_of(Level level, std::string_view event, std::string_view message, Fields fields,
                      uint64_t suppressed) const;
  size_t room_for(Level level) const;

  const LogStreamOptions options_;
  const base::Clock& clock_;
  const bool terminal_;  // lines go to a terminal: set before sink_ is moved in
  const bool pretty_;
  const LogSink sink_;
  const LogLine line_;
  Repeats repeats_;

  std::mutex
      sink_mutex_;  // one call of sink_ at a time; taken after mutex_ is released, never inside

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable filled_;
  std::condition_variable drained_;
  std::vector<Line> queue_;
  uint64_t queued_ = 0;   // lines ever queued
  uint64_t emitted_ = 0;  // of those, lines in the sink
  LogCounts counts_;
  uint64_t dropped_told_ = 0;
  bool asleep_ = false;
  bool stopping_ = false;
  bool stopped_ = false;

  std::thread writer_;  // last: starts when all the rest is there
};

}  // namespace gantry::observe
