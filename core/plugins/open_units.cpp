#include "core/plugins/open_units.hpp"

#include <algorithm>
#include <deque>
#include <unordered_set>
#include <utility>

#include "gantry/error.hpp"

namespace gantry::plugins {
namespace {

using Stage = OpenUnit::Stage;

constexpr size_t kWalkMax = 4096;  // units looked at for a cycle

log::Outcome outcome_of(Code code, std::string detail) {
  log::Outcome outcome;
  outcome.code = code;
  outcome.detail = std::move(detail);
  return outcome;
}

log::Outcome lost() {
  return outcome_of(Code::kConflict, "it was decided on events that have not come about");
}

bool holds_nothing(const log::Unit& unit) {
  return unit.appends.empty() && unit.timers_set.empty() && unit.timers_cancelled.empty() &&
         !unit.answer;
}

// Takes the content out; nobody adds to it any more.
log::Unit content_of(OpenUnit& unit) {
  const std::lock_guard lock(unit.mutex);
  return std::move(unit.unit);
}

void tell(std::vector<Told>&& watches, const log::Outcome& outcome) {
  for (const Told& told : watches) told(outcome);
}

}  // namespace

OpenUnits::~OpenUnits() {
  for (const Entry& unit : table_.take_all()) {  // neighbours own each other
    unit->before.clear();
    unit->behind.clear();
  }
}

gantry_handle OpenUnits::add(Entry unit, const Context& owner, uint32_t units_max) {
  const std::lock_guard lock(mutex_);
  uint32_t& open = open_[&owner];
  if (open >= units_max) return 0;
  unit->owner = &owner;
  unit->handle = table_.add(unit);
  if (unit->handle != 0) ++open;
  return unit->handle;
}

OpenUnits::Entry OpenUnits::find(gantry_handle handle) const {
  const std::lock_guard lock(mutex_);
  return open(handle);
}

OpenUnits::Entry OpenUnits::open(gantry_handle handle) const {
  Entry found = table_.find(handle);
  return found && found->stage == Stage::kOpen ? found : nullptr;
}

OpenUnits::Entry OpenUnits::open_of(gantry_handle handle, const Context& owner) const {
  Entry found = open(handle);
  return found && found->owner == &owner ? found : nullptr;
}

Code OpenUnits::keep_checks(gantry_handle handle, const Context& owner) {
  std::vector<Told> watches;
  Entries refused;
  {
    const std::lock_guard lock(mutex_);
    const Entry unit = open_of(handle, owner);
    if (!unit) return Code::kStale;
    watches.swap(unit->watches);
    refused = refuse_behind(*unit);
    const std::lock_guard content(unit->mutex);
    for (log::StreamAppend& append : unit->unit.appends) append.events.clear();
    unit->unit.timers_set.clear();
    unit->unit.timers_cancelled.clear();
    unit->unit.answer.reset();
    unit->events = 0;
  }
  tell(std::move(watches), outcome_of(Code::kStale, "its events were taken out of the unit"));
  lose(std::move(refused), lost());
  return Code::kOk;
}

Code OpenUnits::watch(gantry_handle handle, Told told) {
  const std::lock_guard lock(mutex_);
  const Entry unit = open(handle);
  if (!unit) return Code::kStale;
  if (unit->refused) return Code::kConflict;
  unit->watches.push_back(std::move(told));
  return Code::kOk;
}

Code OpenUnits::after(gantry_handle handle, gantry_handle predecessor) {
  const std::lock_guard lock(mutex_);
  const Entry unit = open(handle);
  if (!unit) return Code::kStale;
  const Entry first = table_.find(predecessor);
  if (!first) return Code::kNotFound;
  if (first == unit) return Code::kOk;
  if (unit->refused || first->refused) return Code::kConflict;
  if (first->stage == Stage::kOver) return Code::kOk;  // committed; its watches are being told
  const auto& behind = first->behind;
  if (std::find(behind.begin(), behind.end(), unit) != behind.end()) return Code::kOk;
  if (waits_on(*first, *unit)) return Code::kConflict;
  first->behind.push_back(unit);
  unit->before.push_back(first);
  if (!first->queued) ++unit->waits_for;
  return Code::kOk;
}

// Whether `unit` reaches the log only after `other`, directly or not; true when that takes too long
// to find out. Behind a unit that is with the log there is nobody who is not.
bool OpenUnits::waits_on(const OpenUnit& unit, const OpenUnit& other) const {
  std::deque<const OpenUnit*> to_see{&unit};
  std::unordered_set<const OpenUnit*> seen{&unit};
  while (!to_see.empty()) {
    const OpenUnit& at = *to_see.front();
    to_see.pop_front();
    if (&at == &other) return true;
    if (at.queued) continue;
    for (const Entry& earlier : at.before) {
      if (!seen.insert(earlier.get()).second) continue;
      if (seen.size() > kWalkMax) return true;
      to_see.push_back(earlier.get());
    }
  }
  return false;
}

Code OpenUnits::commit(gantry_handle handle, const Context& owner, log::Log& log, Told done,
                       bool here) {
  Entry unit;
  log::Outcome refusal;
  {
    const std::lock_guard lock(mutex_);
    unit = open_of(handle, owner);
    if (!unit) return Code::kStale;
    --open_[&owner];
    unit->done = std::move(done);
    unit->log = &log;
    const bool waits = unit->waits_for > 0;
    if (unit->refused)
      refusal = lost();
    else if (waits && parked_ >= kParkedMax)
      refusal = outcome_of(Code::kExhausted, "too many units wait for their predecessors");
    if (refusal.code == Code::kOk && waits) {
      unit->stage = Stage::kParked;
      ++parked_;
      return Code::kOk;
    }
    unit->stage = Stage::kGiven;
  }
  if (refusal.code == Code::kOk)
    give(std::move(unit), here);
  else
    finish(unit, refusal);
  return Code::kOk;
}

// Hands `unit` to the log, and right after it those that have waited for nothing else.
void OpenUnits::give(Entry first, bool here) {
  std::deque<Entry> ready{std::move(first)};
  for (; !ready.empty(); ready.pop_front()) {
    const Entry& unit = ready.front();
    log::Unit content = content_of(*unit);
    {
      const std::lock_guard lock(mutex_);
      for (const Entry& earlier : unit->before) content.rests_on.push_back(earlier->fate);
    }
    content.fate = unit->fate;
    if (holds_nothing(content)) {
      finish(unit, {});
    } else {
      try {
        const auto done = [this, unit](const log::Outcome& outcome) { finish(unit, outcome); };
        if (std::exchange(here, false))
          unit->log->append_here(std::move(content), done);
        else
          unit->log->append(std::move(content), done);
      } catch (...) {
        finish(unit, outcome_of(Code::kInternal, "the log could not take the unit"));
      }
    }
    const std::lock_guard lock(mutex_);
    for (Entry& next : release_behind(*unit)) ready.push_back(std::move(next));
  }
}

// The unit is with the log: whoever waits for it alone may follow. Returns those, to be given.
OpenUnits::Entries OpenUnits::release_behind(OpenUnit& unit) {
  Entries ready;
  if (std::exchange(unit.queued, true)) return ready;
  for (const Entry& next : unit.behind) {
    if (--next->waits_for > 0 || next->stage != Stage::kParked || next->refused) continue;
    next->stage = Stage::kGiven;
    --parked_;
    ready.push_back(next);
  }
  return ready;
}

// Marks all that were decided on its events, directly or not, and are not with the log yet. Returns
// them, to be told.
OpenUnits::Entries OpenUnits::refuse_behind(OpenUnit& unit) {
  Entries refused = std::exchange(unit.behind, {});
  const auto spared = [](const Entry& one) {
    return one->refused || one->stage == Stage::kGiven || one->stage == Stage::kOver;
  };
  refused.erase(std::remove_if(refused.begin(), refused.end(), spared), refused.end());
  for (size_t at = 0; at < refused.size(); ++at) {
    refused[at]->refused = true;
    for (Entry& next : std::exchange(refused[at]->behind, {})) {
      if (!spared(next) && std::find(refused.begin(), refused.end(), next) == refused.end())
        refused.push_back(std::move(next));
    }
  }
  return refused;
}

void OpenUnits::finish(const Entry& unit, const log::Outcome& outcome) {
  const bool came_about = log::came_about(outcome);
  Entries lost_too, ready;
  {
    const std::lock_guard lock(mutex_);
    unit->stage = Stage::kOver;
    unit->before.clear();
    if (came_about) {
      ready = release_behind(*unit);
      unit->behind.clear();
    } else {
      lost_too = refuse_behind(*unit);
      unit->refused = true;
      lost_too.insert(lost_too.begin(), unit);
    }
  }
  if (!came_about) return lose(std::move(lost_too), outcome);
  tell(std::exchange(unit->watches, {}), outcome);
  table_.take(unit->handle);
  std::exchange(unit->done, {})(outcome);
  for (Entry& next : ready) give(std::move(next));
}

// Tells what was watching them, then those who wait for their commit. The outcome is that of the
// first one if it is over; all others are refused because of it.
void OpenUnits::lose(Entries units, const log::Outcome& first) {
  const log::Outcome others = lost();
  const auto outcome_for = [&](const Entry& unit) -> const log::Outcome& {
    return unit == units.front() ? first : others;
  };
  for (const Entry& unit : units) {
    std::vector<Told> watches;
    {
      const std::lock_guard lock(mutex_);
      watches.swap(unit->watches);
    }
    tell(std::move(watches), outcome_for(unit));
  }
  for (const Entry& unit : units) {
    Told done;
    {
      const std::lock_guard lock(mutex_);
      if (unit->stage == Stage::kOpen) continue;  // until its owner commits or drops it
      if (unit->stage == Stage::kParked) --parked_;
      unit->stage = Stage::kOver;
      unit->before.clear();
      done.swap(unit->done);
      table_.take(unit->handle);
    }
    if (done) done(outcome_for(unit));
  }
}

void OpenUnits::drop(gantry_handle handle, const Context& owner) {
  Entries units;
  {
    const std::lock_guard lock(mutex_);
    const Entry unit = open_of(handle, owner);
    if (!unit) return;
    --open_[&owner];
    unit->stage = Stage::kOver;
    unit->before.clear();
    units = refuse_behind(*unit);
    unit->refused = true;
    units.insert(units.begin(), unit);
  }
  lose(std::move(units), outcome_of(Code::kStale, "the unit was dropped"));
}

size_t OpenUnits::drop_all(const Context& owner) {
  const Entries left = table_.find_if([&](const OpenUnit& unit) { return unit.owner == &owner; });
  size_t dropped = 0;
  for (const Entry& unit : left) {
    {
      const std::lock_guard lock(mutex_);
      if (unit->stage != Stage::kOpen) continue;
    }
    drop(unit->handle, owner);
    ++dropped;
  }
  const std::lock_guard lock(mutex_);
  open_.erase(&owner);
  return dropped;
}

}  // namespace gantry::plugins
