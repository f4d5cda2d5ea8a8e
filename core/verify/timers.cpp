#include "core/verify/timers.hpp"

#include <algorithm>

#include "core/verify/time_text.hpp"

namespace gantry::verify {
namespace {

Uuid id_of(std::string_view stream, std::string_view key) {
  static const Uuid kSpace = uuid5(Uuid(), "gantry.timer");
  return uuid5(kSpace, std::string(stream) + '\n' + std::string(key));
}

}  // namespace

Timers::Timers(Database& events, int64_t grace_us, Report& report)
    : events_(events), report_(report), grace_us_(grace_us) {
  const auto row = events.query("SELECT stream, key, revision, due_at, status FROM es_timer");
  while (row->next()) {
    const Uuid id = id_of(row->bytes(0), row->bytes(1));
    timers_[id] = Timer{row->integer(3), row->integer(2), 0, row->integer(4)};
  }
}

void Timers::see(const Event& event, Json data) {
  last_recorded_at_ = std::max(last_recorded_at_, event.recorded_at);
  if (event.type != kFired) return;
  const Uuid id = id_of(event.stream, data["key"].text());
  const auto at = timers_.find(id);
  if (at == timers_.end())
    return broken(event.position, "es_timer does not have the timer that fired");
  Timer& timer = at->second;
  int64_t revision = timer.revision;
  while (revision > 0 && uuid5(id, std::to_string(revision)) != event.id) --revision;
  if (revision == 0)
    return broken(event.position, "its id is not made from the timer and one of its revisions");
  const auto due = time_in(data["due_at"].text());  // whole milliseconds
  if (!due || event.recorded_at < *due)
    broken(event.position, "fired before " + std::string(data["due_at"].text()));
  if (revision != timer.revision) return;
  if (timer.fired_at != 0)
    broken(event.position, "fired at position " + std::to_string(timer.fired_at) + " already");
  timer.fired_at = event.position;
  if (timer.status != kFiredOnce)
    broken(event.position, timer.status == kPending ? "fired, and es_timer says pending"
                                                    : "fired, and es_timer says cancelled");
  else if (event.recorded_at < timer.due_at)
    broken(event.position,
           "fired " + std::to_string(timer.due_at - event.recorded_at) + " us before its time");
}

void Timers::end() {
  const auto row = events_.query("SELECT stream, key, due_at, status FROM es_timer");
  int64_t count = 0;
  for (; row->next(); ++count) {
    const int64_t status = row->integer(3);
    const Timer& timer = timers_[id_of(row->bytes(0), row->bytes(1))];
    const std::string name =
        "timer " + std::string(row->bytes(1)) + " of " + std::string(row->bytes(0));
    if (status == kFiredOnce && timer.fired_at == 0)
      broken(0, name + " has fired, and there is no event of it");
    const int64_t late = last_recorded_at_ - row->integer(2);
    if (status == kPending && late > grace_us_)
      broken(0, name + " is overdue by " + std::to_string(late / 1'000'000) + " s");
  }
  report_.checked(Invariant::timers, count, "timers");
}

}  // namespace gantry::verify
