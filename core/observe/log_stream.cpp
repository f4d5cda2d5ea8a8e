#include "core/observe/log_stream.hpp"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>

namespace gantry::observe {
namespace {

constexpr auto kTick =
    std::chrono::seconds(1);  // how often losses are told while nothing is logged

void write_stdout(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // nobody reads any more; there is no better place to say so
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

size_t index_of(Level level) { return static_cast<size_t>(level); }

}  // namespace

LogStream::LogStream(LogStreamOptions options, const base::Clock& clock, LogSink sink)
    : options_(std::move(options)),
      clock_(clock),
      terminal_(!sink && ::isatty(STDOUT_FILENO) == 1),
      pretty_(options_.format == LogFormat::kPretty ||
              (options_.format == LogFormat::kAuto && terminal_)),
      sink_(sink ? std::move(sink) : LogSink(write_stdout)),
      line_(options_.line),
      repeats_(options_.repeats_per_second_max) {
  set_level(options_.level);
  writer_ = std::thread([this] { run(); });
}

LogStream::~LogStream() { stop(); }

void LogStream::write(Level level, std::string_view event, std::string_view message,
                      Fields fields) {
  Repeats::Verdict verdict;
  if (level >= Level::kWarn) {
    verdict = repeats_.seen(level, event, clock_.monotonic_ns());
    if (!verdict.pass) {
      const std::lock_guard lock(mutex_);
      ++counts_.suppressed;
      return;
    }
  }
  Line line{level, text_of(level, event, message, fields, verdict.suppressed)};

  std::unique_lock lock(mutex_);
  if (!stopped_ && queue_.size() >= room_for(level)) {
    if (level < Level::kWarn) {
      ++counts_.dropped[index_of(level)];
      return;
    }
    drained_.wait_for(lock, std::chrono::milliseconds(options_.full_wait_ms_max),
                      [&] { return stopped_ || queue_.size() < room_for(level); });
  }
  ++counts_.written[index_of(level)];
  if (stopped_ || queue_.size() >= room_for(level)) {
    lock.unlock();
    const std::lock_guard sink_lock(sink_mutex_);
    sink_(line.text);
    return;
  }
  queue_.push_back(std::move(line));
  ++queued_;
  if (asleep_) filled_.notify_one();
}

bool LogStream::flush(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  const uint64_t until = queued_;
  return drained_.wait_for(lock, within, [&] { return emitted_ >= until; });
}

void LogStream::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    filled_.notify_one();
  }
  if (writer_.joinable()) writer_.join();
}

LogCounts LogStream::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void LogStream::run() {
  pthread_setname_np(pthread_self(), "log");
  std::vector<Line> taken;
  while (true) {
    bool last = false;
    {
      std::unique_lock lock(mutex_);
      asleep_ = true;
      filled_.wait_for(lock, kTick, [&] { return stopping_ || !queue_.empty(); });
      asleep_ = false;
      taken.swap(queue_);
      last = stopping_ && taken.empty();
      if (last) stopped_ = true;
    }
    drained_.notify_all();  // there is room again
    emit(taken);
    {
      const std::lock_guard lock(mutex_);
      emitted_ += taken.size();
    }
    drained_.notify_all();
    taken.clear();
    report_losses(last);
    if (last) return;
  }
}

void LogStream::emit(const std::vector<Line>& lines) {
  constexpr size_t kChunkBytes = 65536;  // one write(2) for many lines
  std::string chunk;
  const std::lock_guard lock(sink_mutex_);
  for (const Line& line : lines) {
    if (chunk.size() + line.text.size() > kChunkBytes && !chunk.empty()) {
      sink_(chunk);
      chunk.clear();
    }
    chunk += line.text;
  }
  if (!chunk.empty()) sink_(chunk);
}

void LogStream::report_losses(bool all) {
  std::vector<Line> lines;
  for (const Repeats::Left& left : repeats_.ended(clock_.monotonic_ns(), all)) {
    lines.push_back({left.level, text_of(left.level, left.event, "repeated lines were left out", {},
                                         left.suppressed)});
  }
  LogCounts counts;
  uint64_t fresh = 0;
  {
    const std::lock_guard lock(mutex_);
    counts = counts_;
    const uint64_t dropped = counts.dropped[0] + counts.dropped[1];
    fresh = dropped - dropped_told_;
    dropped_told_ = dropped;
  }
  if (fresh > 0) {
    const Field fields[] = {{"dropped", fresh},
                            {"dropped_debug_total", counts.dropped[0]},
                            {"dropped_info_total", counts.dropped[1]}};
    lines.push_back(
        {Level::kWarn, text_of(Level::kWarn, "log.dropped",
                               "the log queue was full; lines were dropped", fields, 0)});
  }
  emit(lines);
}

std::string LogStream::text_of(Level level, std::string_view event, std::string_view message,
                               Fields fields, uint64_t suppressed) const {
  const LogRecord record{level, clock_.now(), event, message, fields, suppressed};
  return pretty_ ? line_.pretty(record, terminal_) : line_.json(record);
}

size_t LogStream::room_for(Level level) const {
  const size_t all = options_.queue_max;
  switch (level) {
    case Level::kDebug:
      return all * 3 / 4;
    case Level::kInfo:
      return all * 7 / 8;
    case Level::kWarn:
    case Level::kError:
      return all;
  }
  return all;
}

}  // namespace gantry::observe
