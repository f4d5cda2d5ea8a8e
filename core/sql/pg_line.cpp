#include "core/sql/pg_line.hpp"

#include <algorithm>
#include <utility>

namespace gantry::sql {
namespace {

using std::chrono::milliseconds;

constexpr size_t kGroupMax = 64;  // asks with one Sync
constexpr milliseconds kPauseMin{50};
constexpr milliseconds kPauseMax{2000};

uint32_t ms_until(int64_t at_ns, int64_t now_ns) {
  return static_cast<uint32_t>(std::max<int64_t>(0, at_ns - now_ns) / 1'000'000 + 1);
}

}  // namespace

PgLine::PgLine(const AskerPorts& ports, Open open)
    : ports_(ports), open_(std::move(open)), way_(std::make_shared<WayBack>(ports.loop)) {}

PgLine::~PgLine() {
  way_->close();
  ports_.loop.cancel(retry_);
  ports_.loop.cancel(deadline_);
  close();  // what was under way is answered with it
}

void PgLine::put(AskPtr ask) {
  waiting_.push_back(std::move(ask));
  set_deadline();
  if (pipe_) return schedule();
  warm_up();
}

// After all sockets that are ready now have been served: what they ask goes out together.
void PgLine::schedule() {
  if (std::exchange(scheduled_, true)) return;
  WayBack::post(way_, [this] { send(); });
}

// One that was sent before is alone in its group.
void PgLine::send() {
  scheduled_ = false;
  if (!pipe_) return;
  size_t group = 0;
  while (!waiting_.empty() && pipe_->is_good()) {
    AskPtr ask = std::move(waiting_.front());
    waiting_.pop_front();
    const bool alone = ask->sent > 0;
    if (group > 0 && (alone || group == kGroupMax)) {
      pipe_->sync();
      group = 0;
    }
    pipe_->put(std::move(ask));
    ++group;
    if (alone) {
      pipe_->sync();
      group = 0;
    }
  }
  if (group > 0) pipe_->sync();
  flush();
}

void PgLine::flush() {
  const bool whole = pipe_->flush();
  if (!pipe_->is_good()) return lost();
  watch(whole ? runtime::kReadable : runtime::kReadable | runtime::kWritable);
}

void PgLine::watch(uint32_t events) {
  if (events == watched_) return;
  ports_.loop.watch(pipe_->socket(), events, [this](uint32_t ready_for) { ready(ready_for); });
  watched_ = events;
}

void PgLine::ready(uint32_t events) {
  if ((events & runtime::kReadable) != 0) pipe_->receive();
  std::vector<AskPtr> repeats = pipe_->repeats();
  for (AskPtr& ask : repeats) waiting_.push_back(std::move(ask));
  if (!pipe_->is_good()) return lost();
  if (watched_ & runtime::kWritable) flush();
  if (pipe_ && !repeats.empty()) schedule();
}

void PgLine::warm_up() {
  if (pipe_ || connecting_ || retry_ != 0) return;
  if (ports_.clock.monotonic_ns() < not_before_ns_) return wait_to_connect();
  connect();
}

// On a worker: libpq looks up host names and reads files without asking, and the handshake of TLS
// takes its time.
void PgLine::connect() {
  connecting_ = true;
  const auto fail = [this](const std::string& why) {
    return [this, why] { connected(nullptr, why); };
  };
  const bool taken = ports_.submit(
      [way = way_, open = open_, fail, this] {
        try {
          const auto opened = std::make_shared<std::unique_ptr<PgConnection>>(open());
          WayBack::post(way, [this, opened] { connected(std::move(*opened), {}); });
        } catch (const Error& error) {
          WayBack::post(way, fail(error.detail()));
        }
      },
      [way = way_, fail] { WayBack::post(way, fail("no worker was free to connect")); });
  if (!taken) WayBack::post(way_, fail("no worker is free to connect"));
}

void PgLine::connected(std::unique_ptr<PgConnection> connection, const std::string& why_not) {
  connecting_ = false;
  std::string why = why_not;
  if (connection) {
    try {
      pipe_.emplace(std::move(connection));
      watch(runtime::kReadable);
      pause_ = milliseconds(0);
      return send();
    } catch (const Error& error) {
      why = error.detail();
      close();
    }
  }
  pause_ = std::clamp(pause_ * 2, kPauseMin, kPauseMax);
  not_before_ns_ = ports_.clock.monotonic_ns() + std::chrono::nanoseconds(pause_).count();
  refuse_waiting(Code::kUnavailable, why);
}

void PgLine::wait_to_connect() {
  retry_ = ports_.loop.after(ms_until(not_before_ns_, ports_.clock.monotonic_ns()), [this] {
    retry_ = 0;
    if (!waiting_.empty()) connect();
  });
}

// What is refused may ask again at once; that waits for the next attempt.
void PgLine::refuse_waiting(Code code, std::string_view why) {
  for (const AskPtr& ask : std::exchange(waiting_, {})) ask->refuse(code, why);
}

// Asks may be repeated, they only read: once, on the next connection.
void PgLine::lost() {
  const std::string why = pipe_->why();
  for (AskPtr& ask : close()) {
    if (ask->sent > 1)
      ask->refuse(Code::kUnavailable, why);
    else
      waiting_.push_back(std::move(ask));
  }
  if (!waiting_.empty()) warm_up();
}

// Returns what was under way.
std::vector<AskPtr> PgLine::close() {
  if (!pipe_) return {};
  std::vector<AskPtr> asks = pipe_->unfinished();
  ports_.loop.unwatch(pipe_->socket());
  watched_ = 0;
  pipe_.reset();
  return asks;
}

// One timer for all: when it rings, it is set for the first that is left.
void PgLine::set_deadline() {
  if (deadline_ != 0) return;
  int64_t first = pipe_ ? pipe_->first_due_ns() : INT64_MAX;
  for (const AskPtr& ask : waiting_) first = std::min(first, ask->due_ns());
  if (first == INT64_MAX) return;
  deadline_ = ports_.loop.after(ms_until(first, ports_.clock.monotonic_ns()), [this] {
    deadline_ = 0;
    expire();
    set_deadline();
  });
}

// PostgreSQL answers in order: behind one that takes too long all others wait, too.
void PgLine::expire() {
  const int64_t now = ports_.clock.monotonic_ns();
  const auto is_due = [&](const AskPtr& ask) { return ask->due_ns() <= now; };
  std::vector<AskPtr> over;
  if (pipe_ && pipe_->first_due_ns() <= now) over = close();
  const auto due = std::stable_partition(waiting_.begin(), waiting_.end(),
                                         [&](const AskPtr& ask) { return !is_due(ask); });
  std::move(due, waiting_.end(), std::back_inserter(over));
  waiting_.erase(due, waiting_.end());
  if (!waiting_.empty()) warm_up();
  for (const AskPtr& ask : over) {
    if (is_due(ask))
      ask->refuse(Code::kDeadline, "PostgreSQL has not answered in time");
    else
      ask->refuse(Code::kUnavailable, "another statement on this connection took too long");
  }
}

}  // namespace gantry::sql
