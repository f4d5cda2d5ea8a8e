#include "core/consume/retry.hpp"

#include <algorithm>

#include "core/log/event_type.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::consume {
namespace {

// Up to a quarter shorter than `delay_ms`.
std::chrono::milliseconds shortened(uint64_t delay_ms, uint64_t seed) {
  // A few rounds of splitmix64 spread neighbouring seeds.
  uint64_t mixed = seed;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
  return std::chrono::milliseconds(delay_ms - delay_ms * ((mixed >> 32) % 256) / 1024);
}

}  // namespace

Failure current_failure() {
  try {
    throw;
  } catch (const log::UnknownType& e) {
    return {join("unknown_type: ", e.detail()), true, true};
  } catch (const Error& e) {
    const bool infrastructure = e.code() == Code::kUnavailable || e.code() == Code::kDeadline ||
                                e.code() == Code::kExhausted;
    return {join(name_of(e.code()), ": ", e.detail()), infrastructure};
  } catch (const std::exception& e) {
    return {e.what(), false};
  } catch (...) {
    return {"something that is not a std::exception was thrown", false};
  }
}

std::chrono::milliseconds retry_delay(const Limits& limits, uint32_t attempt, uint64_t seed) {
  const uint32_t doublings = std::min<uint32_t>(attempt > 0 ? attempt - 1 : 0, 31);
  const uint64_t delay = std::min<uint64_t>(
      static_cast<uint64_t>(limits.retry_initial_ms) << doublings, limits.retry_max_ms);
  return shortened(delay, seed + attempt * 0x9E3779B97F4A7C15U);
}

std::chrono::milliseconds standby_pause(const Limits& limits, uint64_t seed) {
  return shortened(std::max(1U, std::min(limits.standby_poll_ms, limits.lease_ms / 2)), seed);
}

}  // namespace gantry::consume
