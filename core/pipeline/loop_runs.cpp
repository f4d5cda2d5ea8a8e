#include "core/pipeline/loop_runs.hpp"

#include <mutex>

#include "gantry/error.hpp"

namespace gantry::pipeline {
namespace {

constexpr size_t kBytesKept = 64 * 1024;  // of one text in a pooled Run

void empty(std::string& text) {
  text.clear();
  if (text.capacity() > kBytesKept) text.shrink_to_fit();
}

}  // namespace

void Reply::clear() {
  http.status = 0;
  empty(http.headers);
  empty(http.body);
  http.close = false;
  content_type.clear();
  code.clear();
  why.clear();
}

gantry_handle Run::handle() const { return handle_of(generation, home->loop.index(), slot); }

LoopRuns::LoopRuns(Loop& own_loop, SnapshotPtr first) : loop(own_loop) {
  uses.push_back({std::move(first), nullptr, 0});
}

Run* LoopRuns::find(uint32_t slot) const {
  if (slot >= kChunkRuns * kChunksMax) return nullptr;
  Run* chunk = chunks_[slot / kChunkRuns].load(std::memory_order_acquire);
  return chunk ? chunk + slot % kChunkRuns : nullptr;
}

Run& LoopRuns::take() {
  if (free_.empty()) {
    if (owned_.size() == kChunksMax) throw Error(Code::kExhausted, "too many requests under way");
    auto chunk = std::make_unique<Run[]>(kChunkRuns);
    for (size_t i = kChunkRuns; i-- > 0;) {
      chunk[i].slot = static_cast<uint32_t>(owned_.size() * kChunkRuns + i);
      chunk[i].home = this;
      free_.push_back(&chunk[i]);
    }
    chunks_[owned_.size()].store(chunk.get(), std::memory_order_release);
    owned_.push_back(std::move(chunk));
  }
  Run& run = *free_.back();
  free_.pop_back();
  run.use = &uses.back();
  ++run.use->runs;
  const std::lock_guard lock(run.lock);
  run.open = true;
  return run;
}

void LoopRuns::give(Run& run) {
  {
    const std::lock_guard lock(run.lock);
    if (++run.generation == 0) run.generation = 1;
    run.open = run.gone = run.pending = run.authn_now = run.pump_posted = false;
    run.resumed.store(false, std::memory_order_relaxed);
    run.idle.store(false, std::memory_order_relaxed);
    run.reply.clear();
    run.handler_headers = 0;
    empty(run.chain_headers);
    run.user.clear();
    run.roles.clear();
    run.streaming = Streaming::kNo;
    empty(run.pieces);
    run.pieces_waiting = 0;
    run.scope.clear();
    run.fingerprint.clear();
  }
  Course& course = run.course;
  course.stage = Stage::kChain;
  course.entry = 0;
  course.attempt = 0;
  course.key_claimed = course.reached = course.waited = false;
  if (course.body_read) course.body.clear();
  course.body_read = false;
  course.scope.clear();
  course.fingerprint.clear();
  run.packed = false;
  run.exchange = nullptr;
  run.route = nullptr;
  run.away = run.unpack = run.concluded = run.stream_on = false;
  empty(run.held);
  run.view_user.clear();
  run.view_roles.clear();
  run.view = {};
  run.status = 0;
  run.code.clear();
  run.answer_bytes = 0;
  Use& use = *run.use;
  run.use = nullptr;
  free_.push_back(&run);
  if (--use.runs == 0 && uses.size() > 1) drain();
}

void LoopRuns::switch_to(SnapshotPtr snapshot, PublicationPtr publication) {
  uses.push_back({std::move(snapshot), publication, 0});
  if (publication->to_switch.fetch_sub(1) == 1 && publication->on_switched)
    publication->on_switched();
  drain();
}

// A publication is drained here when every older snapshot has left the front of the queue.
void LoopRuns::drain() {
  while (uses.size() > 1 && uses.front().runs == 0) {
    uses.pop_front();
    const PublicationPtr publication = std::move(uses.front().publication);
    if (publication && publication->to_drain.fetch_sub(1) == 1 && publication->on_drained)
      publication->on_drained();
  }
}

}  // namespace gantry::pipeline
