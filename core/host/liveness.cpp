#include "core/host/liveness.hpp"

namespace gantry::host {
namespace {
constexpr uint32_t kBeatMs = 1000;
}

struct Liveness::Beats {
  Beats(std::vector<pipeline::Loop*> all, runtime::Workers& pool, const base::Clock& c)
      : loops(std::move(all)), workers(pool), clock(c), loop_ns(loops.size()) {
    for (auto& at : loop_ns) at = clock.monotonic_ns();
    worker_ns = clock.monotonic_ns();
  }
  const std::vector<pipeline::Loop*> loops;
  runtime::Workers& workers;
  const base::Clock& clock;
  std::vector<std::atomic<int64_t>> loop_ns;
  std::atomic<int64_t> worker_ns;
  std::atomic<bool> worker_asked{false};
  std::atomic<bool> ended{false};
};

Liveness::Liveness(std::span<pipeline::Loop* const> loops, runtime::Workers& workers,
                   const base::Clock& clock)
    : beats_(std::make_shared<Beats>(std::vector<pipeline::Loop*>(loops.begin(), loops.end()),
                                     workers, clock)) {
  for (size_t i = 0; i < beats_->loops.size(); ++i) {
    beats_->loops[i]->post([beats = beats_, i] { beat(beats, i); });
  }
}

Liveness::~Liveness() { beats_->ended = true; }

void Liveness::beat(const std::shared_ptr<Beats>& beats, size_t loop) {
  if (beats->ended) return;
  beats->loop_ns[loop] = beats->clock.monotonic_ns();
  if (loop == 0 && !beats->worker_asked.exchange(true)) {
    const auto done = [beats] {
      beats->worker_ns = beats->clock.monotonic_ns();
      beats->worker_asked = false;
    };
    // A full or slow queue is overload, not death: somebody still takes work from it.
    if (!beats->workers.submit(done, done)) beats->worker_asked = false;
  }
  beats->loops[loop]->after(kBeatMs, [beats, loop] { beat(beats, loop); });
}

bool Liveness::live() const {
  const int64_t now = beats_->clock.monotonic_ns();
  for (const auto& at : beats_->loop_ns) {
    if (now - at > kLoopSilenceMaxNs) return false;
  }
  return now - beats_->worker_ns <= kWorkerSilenceMaxNs;
}

}  // namespace gantry::host
