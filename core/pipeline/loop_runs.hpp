// LoopRuns: the Runs of one loop and the snapshots they use. Loop thread only, except find().
#pragma once
#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "core/pipeline/run.hpp"

namespace gantry::pipeline {

// One publish(): counts down the loops.
struct Publication {
  std::atomic<size_t> to_switch;
  std::atomic<size_t> to_drain;
  std::function<void()> on_switched, on_drained;
};
using PublicationPtr = std::shared_ptr<Publication>;  // owners: the loops that still count

// A snapshot on one loop, and how many Runs of this loop began with it.
struct Use {
  SnapshotPtr snapshot;
  PublicationPtr publication;  // null once this loop has drained for it
  uint64_t runs = 0;
};

struct LoopRuns {
  LoopRuns(Loop& own_loop, SnapshotPtr first);

  Loop& loop;
  std::deque<Use> uses;  // oldest first; the last is current

  Run& take();          // pinned to the current snapshot, with a fresh generation
  void give(Run& run);  // unpins; handles of it are stale from here on
  void switch_to(SnapshotPtr snapshot, PublicationPtr publication);

  // The Run in that slot, or null when there never was one. [any]
  Run* find(uint32_t slot) const;

 private:
  void drain();

  static constexpr size_t kChunkRuns = 64, kChunksMax = 1024;
  std::array<std::atomic<Run*>, kChunksMax> chunks_{};  // readable from any thread
  std::vector<std::unique_ptr<Run[]>> owned_;
  std::vector<Run*> free_;
};

// gantry_handle = generation (32) | loop (8) | slot (24).
constexpr unsigned kLoopsMax = 256;
inline gantry_handle handle_of(uint32_t generation, unsigned loop, uint32_t slot) {
  return static_cast<uint64_t>(generation) << 32 | static_cast<uint64_t>(loop) << 24 | slot;
}

}  // namespace gantry::pipeline
