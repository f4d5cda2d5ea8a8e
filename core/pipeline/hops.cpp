// Between threads: to a worker and back, pending at a plugin and resumed.
#include <utility>

#include "core/pipeline/pipeline_state.hpp"

namespace gantry::pipeline {

// Only what is called on the worker sees the copy; made once, kept for further hops.
Pipeline::State::Step Pipeline::State::to_worker(Run& run) {
  if (!run.packed) run.parcel.pack(run.view);
  run.packed = true;
  run.parcel.request.json = run.view.json;
  run.parcel.request.command = run.view.command;
  run.parcel.user = run.view_user;
  run.parcel.roles = run.view_roles;
  run.parcel.request.user = to_str(run.parcel.user);
  run.parcel.request.roles = to_str(run.parcel.roles);
  run.away = run.unpack = true;
  set_idle(run, true);
  const bool taken = ports.submit(
      [this, &run] {
        if (is_gone(run)) run.course.stage = Stage::kAnswered;  // nobody waits for it any more
        go(run, Place::kWorker);
      },
      [this, &run] { run.home->loop.post([this, &run] { expired(run); }); });
  if (taken) return Step::kAway;
  run.away = run.unpack = false;
  refuse(run, Place::kLoop, overloaded("the queue of the workers is full"));
  run.course.stage = Stage::kAnswered;
  return Step::kNext;
}

Pipeline::State::Step Pipeline::State::to_loop(Run& run) {
  set_idle(run, true);
  run.home->loop.post([this, &run] { back(run); });
  return Step::kAway;
}

Pipeline::State::Step Pipeline::State::wait(Run& run, Place place) {
  if (place == Place::kLoop) run.away = true;
  uint32_t verdict;
  {
    const std::lock_guard lock(run.lock);
    if (!run.resumed.load(std::memory_order_relaxed)) {
      run.pending = true;
      return Step::kAway;  // from here on the one who resumes decides
    }
    run.resumed.store(false, std::memory_order_relaxed);
    verdict = run.verdict;
  }
  if (place == Place::kLoop) run.away = false;
  return on_verdict(run, place, verdict);
}

void Pipeline::State::expired(Run& run) {
  refuse(run, Place::kLoop, overloaded("waited too long for a worker"));
  run.course.stage = Stage::kAnswered;
  back(run);
}

void Pipeline::State::resumed(Run& run) {
  uint32_t verdict;
  {
    const std::lock_guard lock(run.lock);
    verdict = run.verdict;
    run.idle.store(false, std::memory_order_relaxed);
  }
  if (run.exchange && !run.concluded) {
    run.away = false;
    unpack(run);
    const OnLoop mark(run);
    if (on_verdict(run, Place::kLoop, verdict) == Step::kAway) return;
  }
  back(run);
}

void Pipeline::State::back(Run& run) {
  run.away = false;
  if (!run.exchange) return release(run);
  if (run.stream_on || run.concluded) {
    // Timed out (the transport ends the exchange soon), or a stream under way.
    if (run.stream_on) pump(run);
    return;
  }
  unpack(run);
  go(run, Place::kLoop);
}

// Takes over what a worker has found out.
void Pipeline::State::unpack(Run& run) {
  if (!run.unpack) return;
  run.unpack = false;
  run.view_user = run.parcel.user;
  run.view_roles = run.parcel.roles;
  run.view.user = to_str(run.view_user);
  run.view.roles = to_str(run.view_roles);
  run.view.json = run.parcel.request.json;
  run.view.command = run.parcel.request.command;
}

void Pipeline::State::set_idle(Run& run, bool idle) {
  const std::lock_guard lock(run.lock);
  run.idle.store(idle, std::memory_order_relaxed);
}

bool Pipeline::State::is_gone(Run& run) {
  const std::lock_guard lock(run.lock);
  return run.gone;
}

}  // namespace gantry::pipeline
