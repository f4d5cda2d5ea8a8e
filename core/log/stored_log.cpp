#include "core/log/stored_log.hpp"

#include <algorithm>
#include <utility>

#include "core/runtime/fail_point.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

StoredLogOptions checked(const StoredLogOptions& options) {
  const Limits& limits = options.limits;
  if (options.readers_max == 0 || options.timer_batch_max == 0 || limits.append_batch_max == 0 ||
      limits.append_queue_max == 0 || limits.append_events_max == 0 ||
      limits.read_page_events_max < 2) {
    throw Error(Code::kInvalid, "the bounds of the log must be at least 1, that of a page 2");
  }
  return options;
}

constexpr int64_t kWherever = 0;

// Hands on the events of one stream, the first of them being version `next`; a missing version is
// damage.
class Walk {
 public:
  Walk(std::string_view stream, int64_t next, int64_t step,
       const std::function<bool(const Event&)>& visit)
      : stream_(stream), next_(next), step_(step), visit_(visit) {}

  bool operator()(const Event& event) {
    if (next_ == kWherever) next_ = event.version;
    if (event.version != next_) {
      throw Error(Code::kInternal,
                  join("stream '", stream_, "' has a hole: version ", next_, " is missing"));
    }
    next_ += step_;
    ++visited_;
    return visit_(event);
  }
  uint32_t visited() const { return visited_; }

 private:
  const std::string_view stream_;
  int64_t next_;
  const int64_t step_;
  const std::function<bool(const Event&)>& visit_;
  uint32_t visited_ = 0;
};

}  // namespace

StoredLog::StoredLog(std::unique_ptr<Engine> engine, const StoredLogOptions& options,
                     const base::Clock& clock)
    : engine_(std::move(engine)),
      limits_(checked(options).limits),
      writer_(*engine_,
              {.limits = options.limits,
               .sweep_every = options.answer_sweep_every,
               .sweep_max = options.answer_sweep_max},
              clock),
      readers_(*engine_, options.readers_max, options.read_wait_max),
      timers_(*engine_, readers_, writer_,
              {.wait_max = options.timer_wait_max, .batch_max = options.timer_batch_max}) {
  writer_.on_timer_set([this](Instant due) { timers_.notice(due); });
  writer_.start();
  timers_.start();
  listener_ = std::thread([this] { engine_->listen([this] { look_for_news(); }); });
}

void StoredLog::append(Unit unit, std::function<void(const Outcome&)> done) {
  put(std::move(unit), std::move(done), &Writer::put);
}

void StoredLog::append_here(Unit unit, std::function<void(const Outcome&)> done) {
  put(std::move(unit), std::move(done), &Writer::put_here);
}

void StoredLog::put(Unit unit, std::function<void(const Outcome&)> done,
                    std::optional<Outcome> (Writer::*way)(QueuedUnit&)) {
  QueuedUnit queued;
  Outcome refusal;
  refusal.detail = fault_of(unit, limits_);
  if (!refusal.detail.empty()) {
    refusal.code = Code::kInvalid;
    if (unit.fate) unit.fate->lose();
    ++invalid_;
    return refusals_.answer(std::move(done), std::move(refusal));
  }
  queued.ids = event_ids(unit);
  queued.bytes = bytes_of(unit);
  queued.unit = std::move(unit);
  queued.done = std::move(done);
  if (auto refused = (writer_.*way)(queued)) {
    if (queued.unit.fate) queued.unit.fate->lose();
    refusals_.answer(std::move(queued.done), std::move(*refused));
  }
}

uint32_t StoredLog::read_stream(std::string_view stream, int64_t after, uint32_t max,
                                const std::function<bool(const Event&)>& visit) {
  const int64_t from = std::max<int64_t>(after, 0);
  Walk walk(stream, from + 1, 1, visit);
  readers_.with([&](Reader& reader) {
    // After a broken connection: on from where it broke.
    reader.read_stream(stream, from + walk.visited(), max - walk.visited(), std::ref(walk));
  });
  return walk.visited();
}

uint32_t StoredLog::read_stream_back(std::string_view stream, int64_t before, uint32_t max,
                                     const std::function<bool(const Event&)>& visit) {
  const int64_t from = std::max<int64_t>(before, 0);
  if (from == 1) return 0;
  int64_t last = from;
  const std::function<bool(const Event&)> noting = [&](const Event& event) {
    last = event.version;
    return visit(event);
  };
  Walk walk(stream, kWherever, -1, noting);  // the stream may be shorter than the caller thinks
  readers_.with([&](Reader& reader) {
    reader.read_stream_back(stream, last, max - walk.visited(), std::ref(walk));
  });
  return walk.visited();
}

int64_t StoredLog::stream_version(std::string_view stream) {
  return readers_.with([&](Reader& reader) { return reader.stream_version(stream); });
}

std::vector<EventPtr> StoredLog::read(Position after, uint32_t max) {
  const Position from = std::max<Position>(after, 0);
  const Position head = writer_.head();  // published before: everything up to it must be there
  max = std::min(max, limits_.read_page_events_max);
  auto events = readers_.with([&](Reader& reader) { return reader.read(from, max); });
  Position expected = from;
  for (const auto& event : events) {
    if (event->position != ++expected) {
      throw Error(Code::kInternal, join("the log has a hole: after position ", expected - 1,
                                        " comes ", event->position));
    }
  }
  if (events.size() < max && expected < head) {
    throw Error(Code::kInternal, join("the log has a hole: position ", expected + 1,
                                      " is missing, the head is ", head));
  }
  return events;
}

std::vector<EventPtr> StoredLog::read_back(Position before, uint32_t max) {
  if (before == 1) return {};
  const Position from = std::max<Position>(before, 0);
  max = std::min(max, limits_.read_page_events_max);
  auto events = readers_.with([&](Reader& reader) { return reader.read_back(from, max); });
  if (events.empty()) return events;
  Position expected = events.front()->position;
  for (const auto& event : events) {
    if (event->position != expected--) {
      throw Error(Code::kInternal, join("the log has a hole: before position ", expected + 2,
                                        " comes ", event->position));
    }
  }
  if (events.size() < max && expected > 0) {
    throw Error(Code::kInternal, join("the log has a hole: position ", expected, " is missing"));
  }
  return events;
}

std::optional<Event> StoredLog::find(const Uuid& event_id) {
  return readers_.with([&](Reader& reader) { return reader.find(event_id); });
}

std::optional<StoredAnswer> StoredLog::answer(std::string_view scope) {
  return readers_.with([&](Reader& reader) { return reader.answer(scope); });
}

std::optional<Snapshot> StoredLog::snapshot(std::string_view stream, int64_t schema) {
  return readers_.with([&](Reader& reader) { return reader.snapshot(stream, schema); });
}

void StoredLog::keep_snapshot(const Snapshot& snapshot) {
  if (snapshot.data.size() > limits_.snapshot_bytes_max) {
    throw Error(Code::kInvalid, join("a snapshot is at most ", limits_.snapshot_bytes_max,
                                     " bytes, this one has ", snapshot.data.size()));
  }
  GANTRY_FAIL_POINT("snapshot.before_keep");
  engine_->keep_snapshot(snapshot);
}

// Nothing is lost when this fails: the next news, or the next commit, brings it.
void StoredLog::look_for_news() {
  try {
    writer_.moved(readers_.with([](Reader& reader) { return reader.head(); }));
  } catch (const Error&) {
  }
}

AppendStats StoredLog::stats() const {
  AppendStats stats = writer_.stats();
  stats.refused += invalid_;
  return stats;
}

void StoredLog::stop() {
  engine_->stop_listening();
  if (listener_.joinable()) listener_.join();
  timers_.stop();
  writer_.stop();
  readers_.close();
}

}  // namespace gantry::log
