#include "core/consume/lease.hpp"

#include <algorithm>
#include <chrono>

namespace gantry::consume {
namespace {
constexpr int64_t kMarginPart = 10;  // of the lease, not relied on: clocks that run unevenly
constexpr int64_t kRenewPart = 3;    // renewed when so much of it is over: two more tries
}  // namespace

Lease::Lease(const Checkpoint& checkpoint, std::function<sql::Database&()> database,
             const base::Clock& clock, std::string instance, uint32_t lease_ms)
    : checkpoint_(checkpoint),
      database_(std::move(database)),
      clock_(clock),
      instance_(std::move(instance)),
      lease_ns_(lease_ms * 1'000'000LL) {}

void Lease::expect_own() {
  const std::lock_guard lock(mutex_);
  own_ = true;
}

Standing Lease::take() {
  const int64_t asked_ns = clock_.monotonic_ns();
  bool again = false;
  {
    const std::lock_guard lock(mutex_);
    again = own_ || held_;
    own_ = true;  // until there is an answer
  }
  auto session = database_().writer();
  sql::Transaction transaction(*session);
  const Instant now = session->now(clock_);
  Claimed claimed = checkpoint_.take(*session, {instance_, again, now, end_of(now)});
  transaction.commit();
  const std::lock_guard lock(mutex_);
  own_ = false;
  held_ = claimed.granted;
  asked_ns_ = asked_ns;
  see(claimed.row);
  return std::move(claimed.row);
}

bool Lease::renew() {
  const int64_t epoch = this->epoch();
  auto session = database_().writer();
  const Renewal renewal{clock_.monotonic_ns(), end_of(session->now(clock_))};
  const bool mine = checkpoint_.renew(*session, epoch, renewal.until);
  const std::lock_guard lock(mutex_);
  if (epoch_ != epoch || !held_) return held_;  // given back, or taken anew meanwhile
  if (mine) {
    asked_ns_ = std::max(asked_ns_, renewal.asked_ns);
  } else {
    held_ = false;
  }
  return mine;
}

Lease::Renewal Lease::renewal(sql::Session& session) {
  if (!renewal_due()) return {};
  const int64_t asked_ns = clock_.monotonic_ns();
  return {asked_ns, end_of(session.now(clock_))};
}

void Lease::renewed(const Renewal& renewal) {
  if (renewal.until == Instant()) return;
  const std::lock_guard lock(mutex_);
  asked_ns_ = std::max(asked_ns_, renewal.asked_ns);
}

void Lease::release() {
  int64_t epoch = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(held_, false)) return;
    holder_.clear();
    epoch = epoch_;
  }
  auto session = database_().writer();
  checkpoint_.release(*session, epoch);
}

void Lease::lose() {
  const std::lock_guard lock(mutex_);
  held_ = false;
}

Lease::Look Lease::look() {
  auto session = database_().reader();
  const auto row = checkpoint_.read(*session);
  if (!row) return {};
  const bool free = row->instance.empty() || row->lease_until < session->now(clock_);
  const std::lock_guard lock(mutex_);
  if (!held_) see(*row);
  return {free, *row};
}

bool Lease::held() const {
  const std::lock_guard lock(mutex_);
  return held_;
}

bool Lease::valid() const {
  const int64_t now_ns = clock_.monotonic_ns();
  const std::lock_guard lock(mutex_);
  return held_ && now_ns - asked_ns_ < lease_ns_ - lease_ns_ / kMarginPart;
}

bool Lease::renewal_due() const {
  const int64_t now_ns = clock_.monotonic_ns();
  const std::lock_guard lock(mutex_);
  return held_ && now_ns - asked_ns_ >= lease_ns_ / kRenewPart;
}

int64_t Lease::epoch() const {
  const std::lock_guard lock(mutex_);
  return epoch_;
}

std::string Lease::holder() const {
  const std::lock_guard lock(mutex_);
  return holder_;
}

void Lease::see(const Standing& row) {
  epoch_ = row.epoch;
  holder_ = row.instance;
}

Instant Lease::end_of(Instant now) const {
  return now + std::chrono::microseconds(lease_ns_ / 1000);
}

}  // namespace gantry::consume
