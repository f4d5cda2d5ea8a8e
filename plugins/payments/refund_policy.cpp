#include "refund_policy.hpp"

#include <algorithm>

namespace gantry::payments {

ticketing::Money policy_allows(const ticketing::RefundRules& rules, Instant starts_at, Instant now,
                               const ticketing::Money& captured,
                               const ticketing::Money& committed) {
  const int64_t percent = ticketing::refund_percent(rules, starts_at, now);
  ticketing::Money allowed = ticketing::percent_of(captured, percent) - committed;
  allowed.minor = std::max<int64_t>(allowed.minor, 0);
  return allowed;
}

}  // namespace gantry::payments
