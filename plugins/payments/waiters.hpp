// Waiters: requests whose answer is made by the process that settles payments. Bounded; lives in
// memory only, because what it holds are connections. [any]
#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "gantry/http.hpp"
#include "gantry/uuid.hpp"

namespace gantry::payments {

struct Waiter {
  Pending pending;
  Uuid payment;
  Uuid command;  // of the request
  std::string request_id;
  std::string user;
};

class Waiters {
 public:
  void start(size_t waiters_max) { waiters_max_ = waiters_max; }

  // The right to wait, taken before anything is written; given back unless used.
  class Place {
   public:
    explicit Place(Waiters& waiters) : waiters_(&waiters) {}
    ~Place() {
      if (waiters_) waiters_->taken_.fetch_sub(1);
    }
    Place(Place&& other) noexcept : waiters_(std::exchange(other.waiters_, nullptr)) {}
    Place& operator=(Place&&) = delete;

   private:
    friend class Waiters;
    Waiters* waiters_;
  };
  // throws Problem 503 when waiters_max wait already
  Place reserve(int64_t monotonic_ns);

  // subject: the payment or the refund whose outcome is waited for
  void add(const Uuid& subject, Waiter waiter, Place place, int64_t monotonic_ns);
  bool has(const Uuid& subject);
  std::vector<Waiter> take(const Uuid& subject);
  // Payments for which, or for a refund of which, somebody waits since then or longer: the next
  // `max`, so that a call for each look comes to all of them in turn.
  std::vector<Uuid> next_since(int64_t since_ns, size_t max);
  void clear();

 private:
  struct Entry {
    Waiter waiter;
    int64_t since_ns;
  };
  std::vector<Entry> take_older_than(int64_t since_ns);

  size_t waiters_max_ = 1;
  std::atomic<size_t> taken_{0};
  std::mutex mutex_;  // guards the rest
  std::unordered_multimap<Uuid, Entry> entries_;
  Uuid looked_at_;  // the last that next_since gave
};

}  // namespace gantry::payments
