// Repository<A>: loads aggregates by folding their stream, caches them, and stages what they
// decide.
//
// An aggregate A is a struct of types and pure functions:
//
//   struct Inventory {
//     using State = …;  using Event = std::variant<…>;  using Command = std::variant<…>;
//     enum class Rejection { … };                          // or using Rejection = …
//     static constexpr std::string_view kCategory = "inventory";
//     static Result<std::vector<Event>, Rejection> decide(const State&, const Command&);
//     static void evolve(State&, const Event&);
//     static NewEvent encode(const Event&);                 // <aggregate>_codec.cpp
//     static Event decode(std::string_view type, Json data);  // sees current versions only
//   };
#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gantry/log.hpp"
#include "gantry/result.hpp"

namespace gantry {

template <class A>
class Repository {
 public:
  using State = typename A::State;

  struct Loaded {
    std::shared_ptr<const State> state;  // second owner: the cache
    int64_t version = 0;                 // 0: the stream has no event
    bool exists() const { return version > 0; }
  };

  // What a decision made: the state after it, and the events that are staged.
  struct Decided {
    State state;
    int64_t version = 0;
    std::vector<typename A::Event> events;
  };

  explicit Repository(const Host& host, size_t streams_max = 4096)
      : host_(&host), streams_max_(streams_max) {}

  static std::string stream_of(std::string_view id) { return join(A::kCategory, '-', id); }

  // Current state: the cached one plus whatever the log has after it. [worker] [bus]
  Loaded load(std::string_view id) {
    const std::string stream = stream_of(id);
    const std::shared_ptr<Entry> entry = find(stream);
    const std::lock_guard lock(entry->mutex);
    catch_up(*entry, stream);
    return {entry->state, entry->version};
  }

  // look(const State&, int64_t version) on the current state, under the stream's lock: be quick,
  // keep nothing. Unlike load() never makes a copy of a large state. [worker] [bus]
  template <class F>
  auto view(std::string_view id, F&& look) {
    const std::string stream = stream_of(id);
    const std::shared_ptr<Entry> entry = find(stream);
    const std::lock_guard lock(entry->mutex);
    catch_up(*entry, stream);
    return look(std::as_const(*entry->state), entry->version);
  }

  // What a decision would write; stage() adds it to a unit.
  struct Considered {
    std::string stream;
    int64_t version = 0;  // decided on
    std::vector<typename A::Event> events;
  };

  // Decides without staging and without copying the state: for large states, and for commands over
  // several streams that must all agree before anything is written. [worker] [bus]
  Result<Considered, typename A::Rejection> consider(std::string_view id,
                                                     const typename A::Command& command) {
    return view(
        id, [&](const State& state, int64_t version) -> Result<Considered, typename A::Rejection> {
          auto events = A::decide(state, command);
          if (!events) return Refused{events.reason()};
          return Considered{stream_of(id), version, std::move(events.value())};
        });
  }

  // Nothing when no event was decided.
  static void stage(Unit& unit, const Considered& considered) {
    if (considered.events.empty()) return;
    std::vector<NewEvent> encoded;
    for (const auto& event : considered.events) encoded.push_back(A::encode(event));
    unit.append(considered.stream, considered.version, encoded);
  }

  // Decides on the current state and stages the events into `unit`, expecting the version decided
  // on.
  Result<Decided, typename A::Rejection> decide(Unit& unit, std::string_view id,
                                                const typename A::Command& command) {
    const Loaded loaded = load(id);
    auto events = A::decide(*loaded.state, command);
    if (!events) return Refused{events.reason()};
    Decided decided{*loaded.state, loaded.version, std::move(events.value())};
    if (decided.events.empty()) return decided;
    std::vector<NewEvent> encoded;
    for (const auto& event : decided.events) {
      A::evolve(decided.state, event);
      encoded.push_back(A::encode(event));
    }
    unit.append(stream_of(id), loaded.version, encoded);
    decided.version += static_cast<int64_t>(encoded.size());
    return decided;
  }

 private:
  struct Entry {
    std::mutex mutex;
    std::shared_ptr<State> state =
        std::make_shared<State>();  // second owner: whoever decides on it now
    int64_t version = 0;
  };

  // Applies what the log has after the entry's version; the entry is locked. An event that cannot
  // be applied throws, and the next call begins from the first event again.
  void catch_up(Entry& entry, const std::string& stream) {
    bool own = false;
    try {
      read_stream(*host_, stream, entry.version, [&](const StoredEvent& stored) {
        if (!stored.type().starts_with("gantry.")) {  // those are the host's own: a timer fired
          if (!own && entry.state.use_count() > 1)
            entry.state = std::make_shared<State>(*entry.state);
          own = true;
          const JsonDocument data(host_->json(), stored.data());
          A::evolve(*entry.state, A::decode(stored.type(), data.root()));
        }
        entry.version = stored.version();
      });
    } catch (...) {
      entry.state = std::make_shared<State>();
      entry.version = 0;
      throw;
    }
  }

  std::shared_ptr<Entry> find(const std::string& stream) {
    const std::lock_guard lock(mutex_);
    if (const auto at = entries_.find(stream); at != entries_.end()) {
      order_.splice(order_.begin(), order_, at->second.second);
      return at->second.first;
    }
    if (entries_.size() >= streams_max_) {
      entries_.erase(order_.back());
      order_.pop_back();
    }
    order_.push_front(stream);
    return entries_.emplace(stream, std::pair(std::make_shared<Entry>(), order_.begin()))
        .first->second.first;
  }

  const Host* host_;
  size_t streams_max_;
  std::mutex mutex_;
  std::list<std::string> order_;  // most recently used first
  std::unordered_map<std::string,
                     std::pair<std::shared_ptr<Entry>, std::list<std::string>::iterator>>
      entries_;
};

}  // namespace gantry
