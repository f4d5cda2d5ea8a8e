#include "core/log/group.hpp"

#include <algorithm>
#include <utility>

#include "core/log/timer_events.hpp"
#include "core/runtime/mutation.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

constexpr std::string_view kNoMeta = "{}";

std::string sentence(const StreamAppend& append, const StreamRow& row) {
  const std::string is =
      row.version == 0 ? std::string("is absent") : join("is at version ", row.version);
  const auto says = [&](const auto&... rest) {
    return join("stream '", append.stream, "' ", is, ", ", rest...);
  };
  if (append.expected == kExists) return says("expected to exist");
  if (append.expected == kAbsent) return says("expected to be absent");
  if (append.expected == row.version) return says("but not with the event that was decided on");
  return says("expected ", append.expected);
}

Outcome refused(Code code, std::string detail) {
  Outcome outcome;
  outcome.code = code;
  outcome.detail = std::move(detail);
  return outcome;
}

bool meets(const StreamAppend& append, const StreamRow& row) {
  if (append.expected == kAny || GANTRY_MUTATED("no_expected_version")) return true;
  if (append.expected == kExists) return row.version > 0;
  if (append.expected != row.version) return false;
  return !append.tip || *append.tip == row.tip;
}

}  // namespace

Group::Group(const QueuedUnit* units, size_t count) : units_(units), count_(count) {
  for (size_t i = 0; i < count; ++i) ask(units[i]);
}

void Group::ask(const QueuedUnit& queued) {
  const auto stream = [&](std::string_view name) {
    if (stream_places_.emplace(name, questions_.streams.size()).second)
      questions_.streams.push_back(name);
  };
  if (queued.probe) return;
  questions_.appends_max += queued.fires ? 1 : queued.ids.size();
  if (queued.fires) {
    questions_.timers.push_back(&*queued.fires);
    stream(queued.fires->stream);
    return;
  }
  for (const auto& append : queued.unit.appends) stream(append.stream);
  if (!queued.ids.empty()) questions_.events.push_back(queued.ids.front());
  if (!queued.unit.answer) return;
  if (answers_.emplace(queued.unit.answer->scope, Answer{}).second)
    questions_.scopes.push_back(queued.unit.answer->scope);
}

void Group::decide(const Facts& facts, const Look& look) {
  look_ = &look;
  head_ = stored_head_ = facts.head;
  last_stream_id_ = facts.last_stream_id;
  now_ = facts.now;
  streams_.reserve(questions_.streams.size());
  for (size_t i = 0; i < questions_.streams.size(); ++i)
    streams_.push_back({questions_.streams[i], facts.streams[i]});
  for (size_t i = 0; i < questions_.events.size(); ++i) {
    if (facts.events[i] > 0) events_.emplace(questions_.events[i], facts.events[i]);
  }
  for (size_t i = 0; i < questions_.scopes.size(); ++i)
    answers_[questions_.scopes[i]].owner = facts.answers[i];
  for (size_t i = 0; i < questions_.timers.size(); ++i)
    due_.emplace(questions_.timers[i], &facts.timers[i]);

  outcomes_.reserve(count_);
  for (size_t i = 0; i < count_; ++i) {
    outcomes_.push_back(units_[i].probe   ? Outcome()
                        : units_[i].fires ? fire(*units_[i].fires)
                                          : apply(units_[i]));
    changes_.touch |= units_[i].probe;
    if (units_[i].unit.fate && !came_about(outcomes_.back()))
      lost_.insert(units_[i].unit.fate.get());
  }
}

bool Group::only_appends() const {
  const auto is_ok = [](const Outcome& one) { return one.code == Code::kOk; };
  const auto stays_absent = [](const Stream& one) { return one.row.id == 0; };
  return !changes_.events.empty() && changes_.timers.empty() && changes_.answers.empty() &&
         !changes_.touch && std::all_of(outcomes_.begin(), outcomes_.end(), is_ok) &&
         std::none_of(streams_.begin(), streams_.end(), stays_absent);
}

Outcome Group::apply(const QueuedUnit& queued) {
  const Unit& unit = queued.unit;
  std::optional<Outcome> known = repeat_of(queued);
  if (unit.answer && !may_answer(*unit.answer)) {
    return refused(Code::kConflict,
                   "another request has answered or begun under this idempotency key");
  }
  if (known && known->code != Code::kOk) return std::move(*known);
  if (!known) {
    if (auto refusal = refusal_of(queued)) return std::move(*refusal);
    known.emplace();
    known->committed = append_all(queued);
    set_timers(unit);
  }
  if (unit.answer) store_answer(*unit.answer, known->committed.last);
  return std::move(*known);
}

// The same request may have come to another server, too: what was decided without knowing of its
// answer must not count, neither as a repeat nor as a refusal.
bool Group::may_answer(const StoredAnswer& answer) const {
  const auto& owner = answers_.at(answer.scope).owner;
  if (!owner) return true;
  return owner->command == answer.command && owner->status == 0 && answer.knows_begun;
}

// A command is known by its first event. The same command must bring the same events; then it is
// answered with the old positions, whatever its streams have come to since.
std::optional<Outcome> Group::repeat_of(const QueuedUnit& queued) {
  if (queued.ids.empty()) return std::nullopt;
  const auto at = events_.find(queued.ids.front());
  if (at == events_.end() || GANTRY_MUTATED("no_repeat_check")) return std::nullopt;
  if (!same_as(queued, at->second)) {
    return refused(Code::kInvalid, join("command ", queued.unit.command.text(),
                                        " was committed before with other events"));
  }
  Outcome outcome;
  const auto count = static_cast<Position>(queued.ids.size());
  outcome.committed = {at->second, at->second + count - 1, true};
  return outcome;
}

// Its events stand one after the other, and nothing more of the command behind them.
bool Group::same_as(const QueuedUnit& queued, Position first) {
  const size_t count = queued.ids.size();
  std::vector<EventPtr> kept;  // what the views below point to
  std::vector<EventView> rows;
  if (first <= stored_head_) {
    kept = (*look_)(first, static_cast<uint32_t>(count + 1));
    for (const auto& event : kept) rows.push_back(view_of(*event));
  } else {
    const auto begin = static_cast<size_t>(first - stored_head_ - 1);
    for (size_t i = begin; i < changes_.events.size() && rows.size() <= count; ++i)
      rows.push_back(changes_.events[i].event);
  }
  if (rows.size() < count) return false;
  if (rows.size() > count && rows[count].id == uuid5(queued.unit.command, to_text(count)))
    return false;
  size_t n = 0;
  for (const auto& append : queued.unit.appends) {
    for (const auto& event : append.events) {
      const EventView& row = rows[n];
      if (row.id != queued.ids[n] || row.stream != append.stream || row.type != event.type ||
          row.data != event.data) {
        return false;
      }
      ++n;
    }
  }
  return true;
}

bool Group::has_lost(const Unit& unit) const {
  return std::any_of(unit.rests_on.begin(), unit.rests_on.end(), [this](const auto& fate) {
    return fate->lost() || lost_.count(fate.get()) != 0;
  });
}

std::optional<Outcome> Group::refusal_of(const QueuedUnit& queued) {
  if (has_lost(queued.unit))
    return refused(Code::kConflict, "it was decided on events that have not come about");
  for (const auto& append : queued.unit.appends) {
    const StreamRow& row = streams_[stream_places_.at(append.stream)].row;
    if (meets(append, row)) continue;
    Outcome outcome = refused(Code::kConflict, sentence(append, row));
    outcome.stream = append.stream;
    outcome.actual = row.version;
    return outcome;
  }
  return std::nullopt;
}

Committed Group::append_all(const QueuedUnit& queued) {
  if (queued.ids.empty()) return {};
  const Position first = head_ + 1;
  const std::string_view meta =
      queued.unit.meta.empty() ? kNoMeta : std::string_view(queued.unit.meta);
  const bool again = GANTRY_MUTATED("no_repeat_check") && events_.count(queued.ids.front()) != 0;
  size_t n = 0;
  for (const auto& one : queued.unit.appends) {
    Stream& stream = streams_[stream_places_.at(one.stream)];
    for (const auto& event : one.events) {
      const Uuid& id = queued.ids[n++];
      append(stream, event.type, event.data, meta, again ? uuid5(id, to_text(head_)) : id);
    }
  }
  return {first, head_, false};
}

// The next position and the next version of its stream.
void Group::append(Stream& stream, std::string_view type, std::string_view data,
                   std::string_view meta, const Uuid& id) {
  StreamRow& row = stream.row;
  if (stream.change == kNone) {
    stream.change = changes_.streams.size();
    const bool fresh = row.id == 0;
    if (fresh) row.id = ++last_stream_id_;
    changes_.streams.push_back({row.id, stream.name, row.version, fresh});
  }
  row.tip = id;
  changes_.streams[stream.change].version = ++row.version;
  changes_.events.push_back(
      {{++head_, stream.name, row.version, id, type, data, meta, now_}, row.id});
  events_.emplace(id, head_);
}

void Group::set_timers(const Unit& unit) {
  using Kind = TimerChange::Kind;
  for (const auto& timer : unit.timers_set) {
    timers_moved_[timer_name(timer.stream, timer.key)] = true;
    changes_.timers.push_back(
        {Kind::kSet, timer.stream, timer.key, timer.due, timer.payload, unit.command, 0});
    if (!earliest_timer_ || timer.due < *earliest_timer_) earliest_timer_ = timer.due;
  }
  for (const auto& timer : unit.timers_cancelled) {
    timers_moved_[timer_name(timer.stream, timer.key)] = true;
    changes_.timers.push_back({Kind::kCancel, timer.stream, timer.key, {}, {}, {}, 0});
  }
}

// The position of a begun one stays.
void Group::store_answer(const StoredAnswer& answer, Position position) {
  Answer& kept = answers_[answer.scope];
  if (kept.owner && position == 0) position = kept.owner->position;
  kept.owner = AnswerOwner{answer.command, answer.status, position};
  if (kept.change == kNone) {
    kept.change = changes_.answers.size();
    changes_.answers.emplace_back();
  }
  changes_.answers[kept.change] = {&answer, position};
}

// Ok; without an event when the timer is no longer as it was read.
Outcome Group::fire(const DueTimer& timer) {
  Outcome outcome;
  const std::optional<std::string>& payload = *due_.at(&timer);
  if (!payload || timers_moved_.count(timer_name(timer.stream, timer.key)) != 0) return outcome;
  const Uuid id = fired_id(timer);
  if (events_.count(id) != 0) return outcome;  // twice in one group
  Stream& stream = streams_[stream_places_.at(timer.stream)];
  append(stream, kTimerFired, texts_.emplace_back(fired_data(timer, *payload)), kNoMeta, id);
  if (!GANTRY_MUTATED("timer_twice"))
    changes_.timers.push_back(
        {TimerChange::Kind::kFire, timer.stream, timer.key, {}, {}, {}, timer.revision});
  outcome.committed = {head_, head_, false};
  return outcome;
}

// A name holds no control character, so the pair cannot be read in two ways.
std::string Group::timer_name(std::string_view stream, std::string_view key) const {
  return join(stream, '\n', key);
}

}  // namespace gantry::log
