// Liveness: whether every event loop still turns and the workers still take work. A beat on each of
// them once a second; nothing outside the process is asked.
#pragma once
#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "core/base/clock.hpp"
#include "core/pipeline/exchange.hpp"
#include "core/runtime/workers.hpp"

namespace gantry::host {

class Liveness {
 public:
  static constexpr int64_t kLoopSilenceMaxNs = 10'000'000'000;
  static constexpr int64_t kWorkerSilenceMaxNs = 60'000'000'000;

  // The loops run already; they and the clock outlive this, the workers too.
  Liveness(std::span<pipeline::Loop* const> loops, runtime::Workers& workers,
           const base::Clock& clock);
  ~Liveness();  // the beats end with the loops at the latest

  // True while each loop has beaten in the last 10 s and a worker in the last 60 s. [any]
  bool live() const;

 private:
  struct Beats;
  static void beat(const std::shared_ptr<Beats>& beats, size_t loop);
  std::shared_ptr<Beats> beats_;  // second owner: the timer tasks on the loops
};

}  // namespace gantry::host
