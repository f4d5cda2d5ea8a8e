#include "waiters.hpp"

#include <algorithm>
#include <set>

namespace gantry::payments {
namespace {

// Longer than the server lets any request wait: such a one has been answered with a time-out.
constexpr int64_t kForgottenNs = 120'000'000'000;

}  // namespace

Waiters::Place Waiters::reserve(int64_t monotonic_ns) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (taken_.fetch_add(1) < waiters_max_) return Place(*this);
    taken_.fetch_sub(1);
    take_older_than(monotonic_ns - kForgottenNs);
  }
  throw Problem(Response::problem(503, "OVERLOADED", "too many payments are waiting")
                    .header("Retry-After", "1"));
}

void Waiters::add(const Uuid& subject, Waiter waiter, Place place, int64_t monotonic_ns) {
  const std::lock_guard lock(mutex_);
  entries_.emplace(subject, Entry{std::move(waiter), monotonic_ns});
  place.waiters_ = nullptr;  // counted until the entry is taken
}

bool Waiters::has(const Uuid& subject) {
  const std::lock_guard lock(mutex_);
  return entries_.contains(subject);
}

std::vector<Waiter> Waiters::take(const Uuid& subject) {
  std::vector<Waiter> taken;
  const std::lock_guard lock(mutex_);
  const auto [first, last] = entries_.equal_range(subject);
  for (auto at = first; at != last; ++at) taken.push_back(std::move(at->second.waiter));
  entries_.erase(first, last);
  taken_.fetch_sub(taken.size());
  return taken;
}

std::vector<Uuid> Waiters::next_since(int64_t since_ns, size_t max) {
  const std::lock_guard lock(mutex_);
  std::set<Uuid> all;
  for (const auto& [subject, entry] : entries_) {
    if (entry.since_ns <= since_ns) all.insert(entry.waiter.payment);
  }
  std::vector<Uuid> next;
  auto at = all.upper_bound(looked_at_);
  for (; next.size() < std::min(max, all.size()); ++at) {
    if (at == all.end()) at = all.begin();
    next.push_back(*at);
  }
  if (!next.empty()) looked_at_ = next.back();
  return next;
}

// Dropped outside the lock: a Pending that goes answers its request.
std::vector<Waiters::Entry> Waiters::take_older_than(int64_t since_ns) {
  std::vector<Entry> old;
  const std::lock_guard lock(mutex_);
  for (auto at = entries_.begin(); at != entries_.end();) {
    const auto entry = at++;
    if (entry->second.since_ns >= since_ns) continue;
    old.push_back(std::move(entry->second));
    entries_.erase(entry);
  }
  taken_.fetch_sub(old.size());
  return old;
}

void Waiters::clear() {
  std::unordered_multimap<Uuid, Entry> gone;
  const std::lock_guard lock(mutex_);
  taken_.fetch_sub(entries_.size());
  gone.swap(entries_);
}

}  // namespace gantry::payments
