// I9: a timer that fired has exactly one event, with the id made from its name and revision, not
// before it was due; one that was cancelled or is pending has none; none is long overdue. Keeps one
// entry for each row of es_timer.
#pragma once
#include <string>
#include <unordered_map>

#include "core/verify/database.hpp"
#include "core/verify/event.hpp"
#include "core/verify/report.hpp"

namespace gantry::verify {

// es_timer.status
enum TimerStatus : int64_t { kPending, kFiredOnce, kCancelled };

class Timers final : public Fold {
 public:
  //   grace_us  how long after its time a timer may still be pending, by the time of the last event
  Timers(Database& events, int64_t grace_us, Report& report);
  void see(const Event& event, Json data) override;
  void end() override;

  static constexpr const char* kFired = "gantry.timer_fired.v1";

 private:
  struct Timer {
    int64_t due_at = 0;
    int64_t revision = 0;
    int64_t fired_at = 0;  // position of the event of this revision
    int64_t status = 0;    // pending, fired, cancelled
  };
  void broken(int64_t position, const std::string& what) {
    report_.broken(Invariant::timers, position, what);
  }

  Database& events_;
  Report& report_;
  const int64_t grace_us_;
  std::unordered_map<Uuid, Timer> timers_;  // by the id of (stream, key)
  int64_t last_recorded_at_ = 0;
};

}  // namespace gantry::verify
