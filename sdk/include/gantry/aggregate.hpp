// Repository<A>: decides on aggregates ahead of the commit (ADR-0008). The state of a stream is
// loaded once and kept; the next decision is made at once on what the last one has left, in order,
// while that is still on its way to the log. Nothing of it is answered before its own commit; when
// one fails, what was decided on it is decided again.
//
// An aggregate A is a struct of types and pure functions:
//
//   struct Inventory {
//     using State = …;  using Event = std::variant<…>;  using Command = std::variant<…>;
//     enum class Rejection { … };                          // or using Rejection = …
//     static constexpr std::string_view kCategory = "inventory";
//     static Result<std::vector<Event>, Rejection> decide(const State&, const Command&);
//     static void evolve(State&, const Event&);
//     // <aggregate>_codec.cpp; what is encoded and decoded is the same event
//     static NewEvent encode(const Event&);
//     static Event decode(std::string_view type, Json data);  // sees current versions only
//
//     // When streams grow long: a snapshot is kept now and then. Raise the number when the state's
//     // meaning or form changes; those of other numbers do not count.
//     static constexpr int64_t kSnapshotSchema = 1;
//     static std::string encode_state(const State&);        // one JSON object
//     static State decode_state(Json);
//   };
#pragma once
#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gantry/locked_stream.hpp"
#include "gantry/result.hpp"
#include "gantry/streams.hpp"
#include "gantry/unit.hpp"

namespace gantry {

template <class A>
class Repository {
 public:
  using State = typename A::State;
  using Event = typename A::Event;
  using Command = typename A::Command;
  using Rejection = typename A::Rejection;

  // A state that does not change while it is held. Let go of it soon: as long as it is held, the
  // next decision on that stream copies it.
  struct Loaded {
    std::shared_ptr<const State> state;  // second owner: the repository
    int64_t version = 0;                 // 0: the stream has no event
    bool exists() const { return version > 0; }
  };

  // What a decision made: the state after it, and the events that are staged.
  struct Decided : Loaded {
    std::vector<Event> events;
  };

  // What a decision would write, to be staged once others have agreed.
  struct Considered : Loaded {  // the state decided on
    std::string id;
    std::vector<Event> events;
    uint64_t revision = 0;
  };

  struct Order {
    std::string id;
    Command command;
  };
  struct RefusedOrder {
    size_t index = 0;
    Rejection reason;
  };

  explicit Repository(const Host& host, const AggregateOptions& options = {})
      : host_(&host), streams_(options) {}

  static std::string stream_of(std::string_view id) { return join(A::kCategory, '-', id); }

  // What is committed now: reads what the log has after the state that is kept. For answers and for
  // processes; decisions need no load(). [worker] [bus]
  Loaded load(std::string_view id) {
    Stream stream = open(id);
    const auto fold = stream.read_committed();
    return {fold.state(), fold.version()};
  }

  // The state that decisions are made on now, as part of one: the unit commits only if that is what
  // is there then.  throws Conflict [worker] [bus]
  Loaded look(Unit& unit, std::string_view id) {
    Stream stream = open(id);
    stream.stage(unit, {});
    return kept(stream);
  }

  // Decides and stages the events into `unit`. A refusal, too, stands only if the unit commits
  // (Unit::keep_checks).
  //   throws  Conflict           decide again, in a new unit
  //           Error{kExhausted}  too many decisions on that stream, or streams, are on their way
  //   thread  [worker] [bus]
  Result<Decided, Rejection> decide(Unit& unit, std::string_view id, const Command& command) {
    Stream stream = open(id);
    auto events = A::decide(*stream.now().state(), command);
    stream.stage(unit, events ? *events : std::vector<Event>());
    if (!events) return Refused{events.reason()};
    return Decided{kept(stream), std::move(*events)};
  }

  // Decides on several streams, each named once; stages all or, when one refuses, none. Returns the
  // events of each, in the order of `orders`. Never copies a state. Otherwise as decide().
  Result<std::vector<std::vector<Event>>, RefusedOrder> decide_all(
      Unit& unit, const std::vector<Order>& orders) {
    std::vector<std::vector<Event>> events(orders.size());
    const std::vector<size_t> by_name = in_order(orders);
    std::list<Stream> streams;
    for (const size_t index : by_name) {
      Stream& stream = streams.emplace_back(*host_, streams_, stream_of(orders[index].id));
      auto decided = A::decide(*stream.now().state(), orders[index].command);
      if (!decided) {
        for (Stream& asked : streams) asked.stage(unit, {});
        return Refused{RefusedOrder{index, decided.reason()}};
      }
      events[index] = std::move(*decided);
    }
    auto stream = streams.begin();
    for (const size_t index : by_name) (stream++)->stage(unit, events[index]);
    return events;
  }

  // Decides without staging. Otherwise as decide().
  Result<Considered, Rejection> consider(Unit& unit, std::string_view id, const Command& command) {
    Stream stream = open(id);
    auto events = A::decide(*stream.now().state(), command);
    stream.stage(unit, {});
    if (!events) return Refused{events.reason()};
    return Considered{kept(stream), std::string(id), std::move(*events), stream.revision()};
  }
  //   throws  Conflict  the stream has moved on since consider()
  void stage(Unit& unit, const Considered& considered) {
    Stream stream = open(considered.id);
    if (stream.revision() != considered.revision)
      throw Conflict(join("stream ", stream_of(considered.id), " has moved on"));
    stream.stage(unit, considered.events);
  }

 private:
  using Stream = detail::LockedStream<A>;

  Stream open(std::string_view id) { return Stream(*host_, streams_, stream_of(id)); }
  static Loaded kept(const Stream& stream) {
    return {stream.now().state(), stream.now().version()};
  }
  // Their places in the order of their names: whoever locks several streams locks them so.
  static std::vector<size_t> in_order(const std::vector<Order>& orders) {
    std::vector<size_t> places(orders.size());
    for (size_t i = 0; i < places.size(); ++i) places[i] = i;
    const auto id = [&](size_t place) -> const std::string& { return orders[place].id; };
    std::sort(places.begin(), places.end(), [&](size_t a, size_t b) { return id(a) < id(b); });
    for (size_t i = 1; i < places.size(); ++i) {
      if (id(places[i - 1]) == id(places[i]))
        throw Error(Code::kInvalid, join("two orders for ", id(places[i])));
    }
    return places;
  }

  const Host* host_;
  detail::Streams<A> streams_;
};

// The repository of this plugin for A, with the bounds of its configuration; made when it is first
// asked for. [any]
template <class A>
Repository<A>& Host::aggregates() const {
  static constexpr char kKey = 0;  // its address names A: there is no RTTI across the boundary
  const auto make = [this]() -> std::shared_ptr<void> {
    return std::make_shared<Repository<A>>(*this, AggregateOptions::of(*this));
  };
  return *static_cast<Repository<A>*>(kept(&kKey, make));
}

}  // namespace gantry
