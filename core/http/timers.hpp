// Timers of one loop: a wheel of 4 ms slots, about four seconds round. Arming is O(1) and makes no
// system call. A deadline that only moves away (the usual case: one more request on a connection)
// costs a store; the timer is put where it belongs when its old slot comes round.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace gantry::http {

// Something that happens at a time. The owner disarms it before it dies.
class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 protected:
  ~Timer() = default;

 private:
  friend class Wheel;
  virtual void expired() = 0;  // disarmed before the call; may arm and disarm any timer

  Timer* previous_ = nullptr;
  Timer* next_ = nullptr;
  int64_t due_tick_ = 0;
  int64_t slot_tick_ = 0;
  bool armed_ = false;   // in a slot, perhaps with nothing due
  bool wanted_ = false;  // expired() is to be called
};

// Loop thread only.
class Wheel {
 public:
  explicit Wheel(int64_t now_ns);
  Wheel(const Wheel&) = delete;
  Wheel& operator=(const Wheel&) = delete;

  // Calls timer.expired() once, at `due_ns` or up to one slot later; replaces an earlier deadline.
  void arm(Timer& timer, int64_t due_ns);
  // Forgets the deadline without leaving the wheel: cheap, and cheap to arm again.
  static void pause(Timer& timer) { timer.wanted_ = false; }
  void disarm(Timer& timer);

  // Calls expired() of everything due.
  void advance(int64_t now_ns);
  // Milliseconds until advance() may have something to do; -1 for never.
  int wait_ms(int64_t now_ns) const;

 private:
  static constexpr int64_t kTickNs = 4'000'000;
  static constexpr size_t kSlots = 1024;

  void link(Timer& timer, int64_t tick);
  void unlink(Timer& timer);
  void run_slot(size_t slot);

  int64_t tick_;  // slots up to here have been run
  std::array<Timer*, kSlots> slots_{};
  std::array<uint64_t, kSlots / 64> occupied_{};
};

}  // namespace gantry::http
