// log::Group: units that commit in one transaction, and what the log decides about each of them.
// Pure: asks (questions), is told (facts), says what to write (changes) and what to answer
// (outcomes).
//
// Units are looked at in their order, each against what those before it leave behind. A unit that
// is refused writes nothing, so its neighbours never notice it.
#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/log/store.hpp"

namespace gantry::log {

class Group {
 public:
  // They outlive this.
  Group(const QueuedUnit* units, size_t count);

  const Questions& questions() const { return questions_; }

  // Events with position >= first, at most `count`: asked for when a command comes again.
  using Look = std::function<std::vector<EventPtr>(Position first, uint32_t count)>;
  //   throws  what `look` throws
  void decide(const Facts& facts, const Look& look);

  const Changes& changes() const { return changes_; }
  std::vector<Outcome>& outcomes() { return outcomes_; }
  // Nobody is refused, and all there is to write is streams and events; nor does anybody count on
  // the absence of a stream that gets no row: what is written says that of the others only.
  bool only_appends() const;
  Position head() const { return head_; }  // after the changes
  // The first instant among the timers it sets.
  std::optional<Instant> earliest_timer() const { return earliest_timer_; }

 private:
  struct Stream {
    std::string_view name;
    StreamRow row;
    size_t change = kNone;  // in changes_.streams
  };
  struct Answer {
    std::optional<AnswerOwner> owner;
    size_t change = kNone;  // in changes_.answers
  };
  static constexpr size_t kNone = static_cast<size_t>(-1);

  void ask(const QueuedUnit& queued);
  Outcome apply(const QueuedUnit& queued);
  Outcome fire(const DueTimer& timer);
  bool may_answer(const StoredAnswer& answer) const;
  std::optional<Outcome> repeat_of(const QueuedUnit& queued);
  bool same_as(const QueuedUnit& queued, Position first);
  std::optional<Outcome> refusal_of(const QueuedUnit& queued);
  bool has_lost(const Unit& unit) const;
  Committed append_all(const QueuedUnit& queued);
  void append(Stream& stream, std::string_view type, std::string_view data, std::string_view meta,
              const Uuid& id);
  void set_timers(const Unit& unit);
  void store_answer(const StoredAnswer& answer, Position position);
  std::string timer_name(std::string_view stream, std::string_view key) const;

  const QueuedUnit* units_;
  size_t count_;
  Questions questions_;
  const Look* look_ = nullptr;

  // What is true after the units looked at so far.
  Position head_ = 0;
  Position stored_head_ = 0;
  int64_t last_stream_id_ = 0;
  Instant now_;
  std::unordered_map<std::string_view, size_t> stream_places_;  // in questions_.streams, streams_
  std::vector<Stream> streams_;
  std::unordered_map<Uuid, Position> events_;  // those asked for, and those appended here
  std::unordered_map<std::string_view, Answer> answers_;
  std::unordered_map<std::string, bool> timers_moved_;
  std::unordered_map<const DueTimer*, const std::optional<std::string>*> due_;

  Changes changes_;
  std::vector<Outcome> outcomes_;
  std::optional<Instant> earliest_timer_;
  std::deque<std::string> texts_;         // data of timer events
  std::unordered_set<const Fate*> lost_;  // of units here that come to nothing
};

}  // namespace gantry::log
