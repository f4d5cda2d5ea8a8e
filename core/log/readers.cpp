#include "core/log/readers.hpp"

#include <algorithm>

#include "gantry/text.hpp"

namespace gantry::log {
using sql::Execution;

Reader::Reader(const std::string& file, const sql::SqliteOptions& options)
    : connection_(file, options),
      rows_(connection_.handle()),
      answers_(connection_.handle()),
      read_(connection_.handle(),
            "SELECT " GANTRY_EVENT_COLUMNS "WHERE e.position > ? ORDER BY e.position LIMIT ?"),
      read_stream_(
          connection_.handle(),
          "SELECT " GANTRY_EVENT_COLUMNS
          "WHERE e.stream_id = (SELECT stream_id FROM es_stream WHERE name = ?) AND e.version > ? "
          "ORDER BY e.version LIMIT ?") {}

std::vector<EventPtr> Reader::read(Position after, uint32_t max, Position head) {
  std::vector<EventPtr> events;
  const Execution execution(read_);
  read_.bind(after, int64_t{max});
  Position expected = after;
  while (read_.step()) {
    auto event = std::make_shared<Event>();  // shared by the tail's ring and its readers
    read_event(read_, *event);
    if (event->position != ++expected) {
      throw Error(Code::kInternal, join("the log has a hole: after position ", expected - 1,
                                        " comes ", event->position));
    }
    events.push_back(std::move(event));
  }
  if (events.size() < max && expected < head) {
    throw Error(Code::kInternal, join("the log has a hole: position ", expected + 1,
                                      " is missing, the head is ", head));
  }
  return events;
}

uint32_t Reader::read_stream(std::string_view stream, int64_t after, uint32_t max,
                             const std::function<bool(const Event&)>& visit) {
  const Execution execution(read_stream_);
  read_stream_.bind(stream, after, int64_t{max});
  Event event;
  uint32_t visited = 0;
  while (read_stream_.step()) {
    read_event(read_stream_, event);
    if (event.version != after + 1 + visited) {
      throw Error(Code::kInternal, join("stream '", stream, "' has a hole: version ",
                                        after + 1 + visited, " is missing"));
    }
    ++visited;
    if (!visit(event)) break;
  }
  return visited;
}

std::optional<Event> Reader::find(const Uuid& event_id) {
  const Position position = rows_.position_of(event_id);
  if (position == 0) return std::nullopt;
  Event event;
  rows_.read_at(position, event);
  return event;
}

Readers::Readers(std::string file, sql::SqliteOptions options, uint32_t max,
                 std::chrono::milliseconds wait_max)
    : file_(std::move(file)), options_(std::move(options)), max_(max), wait_max_(wait_max) {}

std::unique_ptr<Reader> Readers::take() {
  {
    std::unique_lock lock(mutex_);
    const bool free = freed_.wait_for(lock, wait_max_,
                                      [this] { return closed_ || !idle_.empty() || open_ < max_; });
    if (closed_) throw Error(Code::kUnavailable, "the log is stopped");
    if (!free) {
      throw Error(Code::kUnavailable, join("all ", max_, " readers of the log were busy for ",
                                           wait_max_.count(), " ms"));
    }
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
    ++open_;
  }
  try {
    return std::make_unique<Reader>(file_, options_);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    --open_;
    freed_.notify_one();
    throw;
  }
}

void Readers::give_back(std::unique_ptr<Reader> reader) {
  const std::lock_guard lock(mutex_);
  if (closed_) {
    --open_;
    return;
  }
  idle_.push_back(std::move(reader));
  freed_.notify_one();
}

void Readers::close() {
  std::vector<std::unique_ptr<Reader>> idle;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  idle.swap(idle_);
  freed_.notify_all();
}

}  // namespace gantry::log
