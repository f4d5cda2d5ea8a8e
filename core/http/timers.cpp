#include "core/http/timers.hpp"

#include <algorithm>
#include <bit>

namespace gantry::http {

Wheel::Wheel(int64_t now_ns) : tick_(now_ns / kTickNs) {}

void Wheel::arm(Timer& timer, int64_t due_ns) {
  timer.due_tick_ = std::max(due_ns / kTickNs + 1, tick_ + 1);
  timer.wanted_ = true;
  if (timer.armed_ && timer.slot_tick_ <= timer.due_tick_) return;
  if (timer.armed_) unlink(timer);
  link(timer, timer.due_tick_);
}

void Wheel::disarm(Timer& timer) {
  if (timer.armed_) unlink(timer);
  timer.wanted_ = false;
}

void Wheel::link(Timer& timer, int64_t tick) {
  timer.slot_tick_ = std::min(tick, tick_ + static_cast<int64_t>(kSlots) - 1);
  const size_t slot = static_cast<size_t>(timer.slot_tick_) % kSlots;
  timer.previous_ = nullptr;
  timer.next_ = slots_[slot];
  if (timer.next_ != nullptr) timer.next_->previous_ = &timer;
  slots_[slot] = &timer;
  occupied_[slot / 64] |= uint64_t{1} << (slot % 64);
  timer.armed_ = true;
}

void Wheel::unlink(Timer& timer) {
  const size_t slot = static_cast<size_t>(timer.slot_tick_) % kSlots;
  if (timer.previous_ != nullptr) {
    timer.previous_->next_ = timer.next_;
  } else {
    slots_[slot] = timer.next_;
    if (timer.next_ == nullptr) occupied_[slot / 64] &= ~(uint64_t{1} << (slot % 64));
  }
  if (timer.next_ != nullptr) timer.next_->previous_ = timer.previous_;
  timer.armed_ = false;
}

// Takes one timer at a time off the front: expired() may change the list. What it links goes into
// later slots, because link() never uses the slot of tick_ itself.
void Wheel::run_slot(size_t slot) {
  while (slots_[slot] != nullptr) {
    Timer& timer = *slots_[slot];
    unlink(timer);
    if (!timer.wanted_) continue;
    if (timer.due_tick_ > tick_) {
      link(timer, timer.due_tick_);
    } else {
      timer.wanted_ = false;
      timer.expired();
    }
  }
}

void Wheel::advance(int64_t now_ns) {
  const int64_t target = now_ns / kTickNs;
  // A jump of a whole round or more visits every slot once.
  tick_ = std::max(tick_, target - static_cast<int64_t>(kSlots));
  while (tick_ < target) {
    ++tick_;
    const size_t slot = static_cast<size_t>(tick_) % kSlots;
    if ((occupied_[slot / 64] >> (slot % 64) & 1) != 0) run_slot(slot);
  }
}

int Wheel::wait_ms(int64_t now_ns) const {
  constexpr size_t kWords = kSlots / 64;
  const size_t first = static_cast<size_t>(tick_ + 1) % kSlots;
  for (size_t i = 0; i <= kWords; ++i) {
    const size_t word = (first / 64 + i) % kWords;
    uint64_t bits = occupied_[word];
    if (i == 0) bits &= ~uint64_t{0} << (first % 64);
    if (bits == 0) continue;
    const size_t slot = word * 64 + static_cast<size_t>(std::countr_zero(bits));
    const auto ticks = static_cast<int64_t>((slot + kSlots - first) % kSlots);
    const int64_t due_ns = (tick_ + 1 + ticks) * kTickNs;
    return static_cast<int>(std::max<int64_t>(0, (due_ns - now_ns + 999'999) / 1'000'000));
  }
  return -1;
}

}  // namespace gantry::http
