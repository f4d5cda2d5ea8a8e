#include "core/log/memory_log.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_map>

namespace gantry::log {

// One lock over all: speed is not what this is for.
class MemoryRows {
 public:
  std::mutex mutex;  // guards the rest
  struct Stream {
    int64_t id = 0;
    std::vector<EventPtr> events;
  };
  struct Timer {
    int64_t revision = 0;
    Instant due;
    std::string payload;
    bool pending = false;
    Uuid command;
  };
  std::vector<EventPtr> events;  // by position - 1; shared with the tail and every reader
  std::map<std::string, Stream, std::less<>> streams;
  std::unordered_map<Uuid, Position> positions;
  std::map<std::pair<std::string, std::string>, Timer> timers;  // by stream and key
  std::map<std::string, StoredAnswer, std::less<>> answers;
  std::map<std::string, Snapshot, std::less<>> snapshots;

  const Stream* stream(std::string_view name) const {
    const auto at = streams.find(name);
    return at == streams.end() ? nullptr : &at->second;
  }
};

std::shared_ptr<MemoryRows> make_memory_rows() { return std::make_shared<MemoryRows>(); }

namespace {

class MemoryStore final : public Store {
 public:
  MemoryStore(MemoryRows& rows, const base::Clock& clock) : rows_(rows), clock_(clock) {}

  Facts begin(const Questions& questions) override {
    const std::lock_guard lock(rows_.mutex);
    Facts facts;
    facts.head = static_cast<Position>(rows_.events.size());
    facts.last_stream_id = static_cast<int64_t>(rows_.streams.size());
    facts.now = clock_.now();
    for (const auto name : questions.streams) facts.streams.push_back(stream_row(name));
    for (const Uuid& id : questions.events) {
      const auto at = rows_.positions.find(id);
      facts.events.push_back(at == rows_.positions.end() ? 0 : at->second);
    }
    for (const auto scope : questions.scopes) facts.answers.push_back(owner(scope, facts.now));
    for (const DueTimer* timer : questions.timers)
      facts.timers.push_back(payload(*timer, facts.now));
    return facts;
  }

  std::vector<EventPtr> look(Position first, uint32_t count) override {
    const std::lock_guard lock(rows_.mutex);
    const auto begin = rows_.events.begin() + (first - 1);
    return {begin, begin + std::min<ptrdiff_t>(count, rows_.events.end() - begin)};
  }

  Ending commit(const Changes& changes, std::string&) override {
    const std::lock_guard lock(rows_.mutex);
    for (const auto& stream : changes.streams)
      if (stream.fresh) rows_.streams[std::string(stream.name)].id = stream.id;
    for (const auto& row : changes.events) add(row.event);
    for (const auto& timer : changes.timers) change(timer);
    for (const auto& [answer, position] : changes.answers) {
      StoredAnswer& kept = rows_.answers[answer->scope];
      kept = *answer;
      kept.position = position;
    }
    return Ending::kCommitted;
  }

  bool roll_back() noexcept override { return true; }

  uint32_t sweep_answers(uint32_t max) override {
    const std::lock_guard lock(rows_.mutex);
    const Instant now = clock_.now();
    uint32_t deleted = 0;
    for (auto at = rows_.answers.begin(); at != rows_.answers.end() && deleted < max;) {
      const bool over = at->second.expires_at <= now;
      at = over ? rows_.answers.erase(at) : std::next(at);
      deleted += over;
    }
    return deleted;
  }

 private:
  StreamRow stream_row(std::string_view name) const {
    const auto* stream = rows_.stream(name);
    if (stream == nullptr) return {};
    return {stream->id, static_cast<int64_t>(stream->events.size()), stream->events.back()->id};
  }
  std::optional<AnswerOwner> owner(std::string_view scope, Instant now) const {
    const auto at = rows_.answers.find(scope);
    if (at == rows_.answers.end() || at->second.expires_at <= now) return std::nullopt;
    return AnswerOwner{at->second.command, at->second.status, at->second.position};
  }
  std::optional<std::string> payload(const DueTimer& due, Instant now) const {
    const auto at = rows_.timers.find({due.stream, due.key});
    if (at == rows_.timers.end()) return std::nullopt;
    const auto& timer = at->second;
    if (!timer.pending || timer.revision != due.revision || timer.due > now) return std::nullopt;
    return timer.payload;
  }
  void add(const EventView& view) {
    auto event = std::make_shared<Event>();
    event->position = view.position;
    event->stream = view.stream;
    event->version = view.version;
    event->id = view.id;
    event->type = view.type;
    event->data = view.data;
    event->meta = view.meta;
    event->recorded_at = view.recorded_at;
    rows_.positions.emplace(view.id, view.position);
    rows_.streams[event->stream].events.push_back(event);
    rows_.events.push_back(std::move(event));
  }
  void change(const TimerChange& change) {
    auto& timer = rows_.timers[{std::string(change.stream), std::string(change.key)}];
    if (change.kind != TimerChange::Kind::kSet) {
      timer.pending = false;
      return;
    }
    if (timer.revision > 0 && timer.command == change.command) return;
    timer = {timer.revision + 1, change.due, std::string(change.payload), true, change.command};
  }

  MemoryRows& rows_;
  const base::Clock& clock_;
};

class MemoryReader final : public Reader {
 public:
  MemoryReader(MemoryRows& rows, const base::Clock& clock) : rows_(rows), clock_(clock) {}

  Position head() override {
    const std::lock_guard lock(rows_.mutex);
    return static_cast<Position>(rows_.events.size());
  }
  std::vector<EventPtr> read(Position after, uint32_t max) override {
    const std::lock_guard lock(rows_.mutex);
    const auto begin = rows_.events.begin() + std::min<ptrdiff_t>(after, std::ssize(rows_.events));
    return {begin, begin + std::min<ptrdiff_t>(max, rows_.events.end() - begin)};
  }
  std::vector<EventPtr> read_back(Position before, uint32_t max) override {
    const std::lock_guard lock(rows_.mutex);
    return backwards(rows_.events, before, max);
  }
  void read_stream(std::string_view stream, int64_t after, uint32_t max,
                   const std::function<bool(const Event&)>& visit) override {
    std::vector<EventPtr> found;
    {
      const std::lock_guard lock(rows_.mutex);
      if (const auto* one = rows_.stream(stream)) {
        const auto begin =
            one->events.begin() + std::min<ptrdiff_t>(after, std::ssize(one->events));
        found.assign(begin, begin + std::min<ptrdiff_t>(max, one->events.end() - begin));
      }
    }
    visit_all(found, visit);
  }
  void read_stream_back(std::string_view stream, int64_t before, uint32_t max,
                        const std::function<bool(const Event&)>& visit) override {
    std::vector<EventPtr> found;
    {
      const std::lock_guard lock(rows_.mutex);
      if (const auto* one = rows_.stream(stream)) found = backwards(one->events, before, max);
    }
    visit_all(found, visit);
  }
  int64_t stream_version(std::string_view stream) override {
    const std::lock_guard lock(rows_.mutex);
    const auto* one = rows_.stream(stream);
    return one ? static_cast<int64_t>(one->events.size()) : 0;
  }
  std::optional<Event> find(const Uuid& event_id) override {
    const std::lock_guard lock(rows_.mutex);
    const auto at = rows_.positions.find(event_id);
    if (at == rows_.positions.end()) return std::nullopt;
    return *rows_.events[static_cast<size_t>(at->second) - 1];
  }
  std::optional<StoredAnswer> answer(std::string_view scope) override {
    const std::lock_guard lock(rows_.mutex);
    const auto at = rows_.answers.find(scope);
    if (at == rows_.answers.end() || at->second.expires_at <= clock_.now()) return std::nullopt;
    return at->second;
  }
  std::optional<Snapshot> snapshot(std::string_view stream, int64_t schema) override {
    const std::lock_guard lock(rows_.mutex);
    const auto at = rows_.snapshots.find(stream);
    if (at == rows_.snapshots.end() || at->second.schema != schema) return std::nullopt;
    return at->second;
  }
  std::vector<DueTimer> pending_timers(uint32_t max) override {
    const std::lock_guard lock(rows_.mutex);
    std::vector<DueTimer> found;
    for (const auto& [name, timer] : rows_.timers) {
      if (timer.pending) found.push_back({name.first, name.second, timer.revision, timer.due});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const DueTimer& a, const DueTimer& b) { return a.due < b.due; });
    if (found.size() > max) found.resize(max);
    return found;
  }
  bool sound() const override { return true; }

 private:
  static std::vector<EventPtr> backwards(const std::vector<EventPtr>& events, int64_t before,
                                         uint32_t max) {
    auto end = std::ssize(events);
    if (before > 0) end = std::min<ptrdiff_t>(before - 1, end);
    std::vector<EventPtr> found;
    while (end > 0 && found.size() < max) found.push_back(events[static_cast<size_t>(--end)]);
    return found;
  }
  static void visit_all(const std::vector<EventPtr>& events,
                        const std::function<bool(const Event&)>& visit) {
    for (const auto& event : events) {
      if (!visit(*event)) return;
    }
  }

  MemoryRows& rows_;
  const base::Clock& clock_;
};

class MemoryEngine final : public Engine {
 public:
  MemoryEngine(std::shared_ptr<MemoryRows> rows, const base::Clock& clock)
      : rows_(std::move(rows)), clock_(clock) {}
  std::unique_ptr<Store> open_store() override {
    return std::make_unique<MemoryStore>(*rows_, clock_);
  }
  std::unique_ptr<Reader> open_reader() override {
    return std::make_unique<MemoryReader>(*rows_, clock_);
  }
  void keep_snapshot(const Snapshot& snapshot) override {
    const std::lock_guard lock(rows_->mutex);
    Snapshot& kept = rows_->snapshots[snapshot.stream];
    if (kept.schema != snapshot.schema || kept.version < snapshot.version) kept = snapshot;
  }
  Instant now() const override { return clock_.now(); }

 private:
  const std::shared_ptr<MemoryRows> rows_;  // second owner: whoever opens a log on them again
  const base::Clock& clock_;
};

}  // namespace

std::unique_ptr<Log> open_memory_log(std::shared_ptr<MemoryRows> rows,
                                     const StoredLogOptions& options, const base::Clock& clock) {
  return std::make_unique<StoredLog>(std::make_unique<MemoryEngine>(std::move(rows), clock),
                                     options, clock);
}

}  // namespace gantry::log
