// Ahead<A>: one stream of an aggregate as this process knows it: what is committed, and what was
// decided on top of that and is on its way to the log. Decisions are made on the second; when one
// of them does not come about, those after it are forgotten with it. No I/O. For Repository.
#pragma once
#include <algorithm>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gantry/unit.hpp"

namespace gantry::detail {

// A state and the event it was folded up to. Readers may hold the state: it is changed in place
// only while nobody does, and copied first otherwise.
template <class A>
class Fold {
 public:
  using State = typename A::State;

  const std::shared_ptr<State>& state() const { return state_; }
  int64_t version() const { return version_; }
  const Uuid& tip() const { return tip_; }

  void apply(const typename A::Event& event) {
    make_own();
    A::evolve(*state_, event);
  }
  void move_to(int64_t version, const Uuid& tip) {
    version_ = version;
    tip_ = tip;
  }
  static Fold of(State state, int64_t version) {
    Fold fold;
    *fold.state_ = std::move(state);
    fold.version_ = version;
    return fold;
  }

 private:
  void make_own() {
    if (state_.use_count() > 1) {
      state_ = std::make_shared<State>(*state_);
    } else {
      // Taking and dropping a reference orders what its last reader did before what is done now.
      [[maybe_unused]] const auto seen = state_;
    }
  }
  std::shared_ptr<State> state_ = std::make_shared<State>();  // second owners: readers
  int64_t version_ = 0;                                       // 0: no event
  Uuid tip_;                                                  // of the event at `version_`
};

// How units ended, as the log tells it; read when the next decision is made, so that the log's
// thread never waits for one. [any]
class Outcomes {
 public:
  enum class End : uint8_t {
    came_about,
    lost,     // refused, failed, or repeated: the stream may have moved on
    dropped,  // by its owner; or only its checks are left
  };
  struct Told {
    gantry_handle unit;
    bool staged;  // it was to write on the stream; false: it rests on it
    End end;
  };
  void put(const Told& told) {
    const std::lock_guard lock(mutex_);
    told_.push_back(told);
  }
  std::vector<Told> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(told_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Told> told_;
};

template <class A>
class Ahead {
 public:
  using Event = typename A::Event;

  // What a decision for one unit rests on.
  struct Basis {
    int64_t version = 0;
    Uuid tip;
    gantry_handle predecessor = 0;  // unit that the events up to there come with; 0: committed
    bool first = true;              // nothing of the same unit is pending
  };

  std::mutex mutex;  // one decision at a time; everything but `outcomes` is used under it
  Outcomes outcomes;
  int64_t snapshot_version = 0;  // of the last one taken or loaded

  const Fold<A>& committed() const { return committed_; }
  const Fold<A>& now() const { return ahead_; }
  size_t pending() const { return pending_.size(); }
  // Changes when now() does: what was decided on another one is void.
  uint64_t revision() const { return revision_; }
  bool knows(gantry_handle unit) const { return find(unit) != pending_.end(); }

  // Whether the log must be read before anything is decided.
  bool must_read() const { return !loaded_ || (stale_ && pending_.empty()); }
  bool is_new() const { return !loaded_; }  // nothing of it is known
  // Hands out what is committed, to be read on and given back by adopt(). If that fails, everything
  // is read anew.
  Fold<A> lend() {
    ahead_ = {};
    loaded_ = false;
    ++revision_;
    return std::exchange(committed_, {});
  }
  // Only without pending decisions.
  void adopt(Fold<A> fold) {
    committed_ = std::move(fold);
    ahead_ = committed_;
    loaded_ = true;
    stale_ = false;
    ++revision_;
  }

  //   throws  Conflict  another unit has built on what `unit` decided here
  Basis basis_for(gantry_handle unit) const {
    const auto own = find(unit);
    if (own == pending_.end()) {
      return {ahead_.version(), ahead_.tip(), pending_.empty() ? 0 : pending_.back().unit, true};
    }
    if (std::next(own) != pending_.end())
      throw Conflict("another decision came in between two of this unit");
    return {own->on.version, own->on.tip, 0, false};
  }

  // Takes what `unit` will write after `basis`; `last` is the id of the last event.
  void stage(gantry_handle unit, const Basis& basis, const std::vector<Event>& events,
             const Uuid& last) {
    if (basis.first) pending_.push_back({unit, basis, {}, basis.version, {}, false});
    Pending& own = pending_.back();
    own.events.insert(own.events.end(), events.begin(), events.end());
    own.version += static_cast<int64_t>(events.size());
    own.tip = last;
    ++revision_;
    try {
      for (const Event& event : events) ahead_.apply(event);
    } catch (...) {
      forget();
      throw;
    }
    ahead_.move_to(own.version, own.tip);
  }

  // Takes over what the log has told since the last time.
  void settle() {
    bool lost = false;
    for (const Outcomes::Told& told : outcomes.take()) {
      const bool came_about = told.end == Outcomes::End::came_about;
      const auto at = find(told.unit);
      if (at != pending_.end() && !came_about) {
        pending_.erase(at, pending_.end());
        lost = true;
      } else if (at != pending_.end()) {
        pending_[static_cast<size_t>(at - pending_.begin())].came_about = true;
      } else if (came_about) {
        stale_ |= told.staged;  // forgotten, and yet there
      }
      stale_ |= told.end == Outcomes::End::lost;
    }
    try {
      commit_front();
      if (lost) start_over();
    } catch (...) {
      forget();
      throw;
    }
  }

 private:
  struct Pending {
    gantry_handle unit;
    Basis on;
    std::vector<Event> events;
    int64_t version;  // after them
    Uuid tip;
    bool came_about;
  };
  using Pendings = std::deque<Pending>;

  typename Pendings::const_iterator find(gantry_handle unit) const {
    return std::find_if(pending_.begin(), pending_.end(),
                        [&](const Pending& one) { return one.unit == unit; });
  }
  void commit_front() {
    for (; !pending_.empty() && pending_.front().came_about; pending_.pop_front()) {
      const Pending& done = pending_.front();
      for (const Event& event : done.events) committed_.apply(event);
      committed_.move_to(done.version, done.tip);
    }
  }
  // What was decided last is void: from what is committed, and what is left on its way.
  void start_over() {
    ++revision_;
    ahead_ = committed_;
    for (const Pending& left : pending_) {
      for (const Event& event : left.events) ahead_.apply(event);
      ahead_.move_to(left.version, left.tip);
    }
  }
  void forget() {
    pending_.clear();
    committed_ = ahead_ = {};
    loaded_ = false;
    ++revision_;
  }

  Fold<A> committed_, ahead_;
  Pendings pending_;  // oldest first
  bool loaded_ = false;
  bool stale_ = false;  // somebody else may have written
  uint64_t revision_ = 0;
};

}  // namespace gantry::detail
