// Answers in pieces. Plugins add to `pieces` from their thread; the loop carries them to the
// transport.
#include <utility>

#include "core/pipeline/pipeline_state.hpp"

namespace gantry::pipeline {
namespace {

constexpr size_t kSliceBytes = 16 * 1024;  // what the transport is offered at a time
constexpr uint32_t kRetryMs = 10;          // until it is offered again what it did not take

}  // namespace

gantry_rc Pipeline::stream_begin(gantry_handle exchange, uint32_t status,
                                 std::string_view content_type) {
  std::unique_lock<SpinLock> lock;
  gantry_rc rc;
  Run* run = state_->enter_reply(exchange, lock, rc);
  if (!run) return rc;
  if (status < 200 || status > 599 || status == 204 || status == 304 || !run->open ||
      content_type.find_first_of("\r\n") != content_type.npos)
    return GANTRY_INVALID;
  run->reply.http.status = static_cast<int>(status);
  run->reply.http.body.clear();
  run->reply.content_type = content_type;
  run->streaming = Streaming::kBegun;
  run->open = false;
  lock.unlock();
  run->home->loop.post([state = state_.get(), run, exchange] {
    std::unique_lock<SpinLock> again;
    if (state->enter(exchange, again) == nullptr) return;  // over before it began
    again.unlock();
    state->open_stream(*run);
  });
  return GANTRY_OK;
}

gantry_rc Pipeline::stream_piece(gantry_handle exchange, std::string_view bytes) {
  std::unique_lock<SpinLock> lock;
  Run* run = state_->enter(exchange, lock);
  if (!run) return GANTRY_STALE;
  if (run->gone) return state_->stale(*run, lock);
  if (run->streaming != Streaming::kBegun) return GANTRY_INVALID;
  if (run->pieces_waiting + bytes.size() > state_->options.stream_buffer_bytes_max)
    return GANTRY_EXHAUSTED;
  run->pieces.append(bytes);
  run->pieces_waiting += bytes.size();
  if (std::exchange(run->pump_posted, true)) return GANTRY_OK;
  lock.unlock();
  run->home->loop.post([state = state_.get(), run, exchange] {
    std::unique_lock<SpinLock> again;
    if (state->enter(exchange, again) == nullptr) return;
    again.unlock();
    state->pump(*run);
  });
  return GANTRY_OK;
}

gantry_rc Pipeline::stream_end(gantry_handle exchange) {
  std::unique_lock<SpinLock> lock;
  Run* run = state_->enter(exchange, lock);
  if (!run) return GANTRY_STALE;
  if (run->gone && run->pending) return state_->stale(*run, lock);
  if (run->streaming != Streaming::kBegun) return run->gone ? GANTRY_STALE : GANTRY_INVALID;
  run->streaming = Streaming::kEnded;
  run->verdict = GANTRY_DONE;
  if (std::exchange(run->pending, false)) {
    lock.unlock();
    run->home->loop.post([state = state_.get(), run] { state->resumed(*run); });
  } else {
    run->resumed.store(true, std::memory_order_relaxed);  // before its call returned PENDING
  }
  return GANTRY_OK;
}

void Pipeline::State::open_stream(Run& run) {
  if (!run.exchange || run.concluded) return;  // gone, or timed out
  run.stream_on = true;
  conclude(run);
  run.exchange->transport->stream_head(*run.exchange);
  pump(run);
}

// Hands over what waits; ends the answer when that was all and no call of a plugin is under way.
void Pipeline::State::pump(Run& run) {
  if (!run.exchange || !run.stream_on) return;
  std::string taken;
  bool ended;
  {
    const std::lock_guard lock(run.lock);
    run.pump_posted = false;
    taken.swap(run.pieces);
    ended = run.streaming == Streaming::kEnded;
  }
  if (run.held.empty())
    run.held.swap(taken);
  else
    run.held += taken;
  size_t sent = 0;
  while (sent < run.held.size()) {
    const std::string_view slice = std::string_view(run.held).substr(sent, kSliceBytes);
    if (!run.exchange->transport->stream_piece(*run.exchange, slice)) break;
    sent += slice.size();
    if (!run.exchange) return;  // the transport found the client gone
  }
  run.held.erase(0, sent);
  run.answer_bytes += sent;
  {
    const std::lock_guard lock(run.lock);
    run.pieces_waiting -= sent;
  }
  if (!run.held.empty()) {
    if (run.pump_timer == 0)
      run.pump_timer = run.home->loop.after(kRetryMs, [this, &run] {
        run.pump_timer = 0;
        pump(run);
      });
    return;
  }
  if (ended && !run.away) run.exchange->transport->stream_end(*run.exchange);
}

}  // namespace gantry::pipeline
