// RefundRule: how much of the price goes back, by time left before the event starts.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "gantry/instant.hpp"
#include "gantry/json.hpp"
#include "gantry/json_writer.hpp"

namespace gantry::ticketing {

struct RefundRule {
  int64_t min_days_before = 0;  // applies when at least that many times 24 h are left
  int64_t percent = 0;          // 0..100

  friend bool operator==(const RefundRule&, const RefundRule&) = default;
};
using RefundRules = std::vector<RefundRule>;

// At least 7 days before the start everything, at least 3 days half, else nothing.
inline RefundRules default_refund_rules() { return {{7, 100}, {3, 50}}; }

// Percent of the price that the rules give back at `now`: the applicable rule with the most days
// counts, whatever their order; without one 0.
inline int64_t refund_percent(const RefundRules& rules, Instant starts_at, Instant now) {
  const RefundRule* best = nullptr;
  for (const RefundRule& rule : rules) {
    if (starts_at - now < std::chrono::hours(24 * rule.min_days_before)) continue;
    if (!best || rule.min_days_before > best->min_days_before) best = &rule;
  }
  return best ? best->percent : 0;
}

// [{"min_days_before": 7, "percent": 100}, …]
inline RefundRules refund_rules_from(Json json) {
  RefundRules rules;
  json.each([&](Json rule) {
    rules.push_back({rule["min_days_before"].integer(), rule["percent"].integer()});
  });
  return rules;
}
inline JsonWriter& write(JsonWriter& json, std::string_view name, const RefundRules& rules) {
  json.array(name);
  for (const RefundRule& rule : rules) {
    json.object()
        .field("min_days_before", rule.min_days_before)
        .field("percent", rule.percent)
        .end();
  }
  return json.end();
}

}  // namespace gantry::ticketing
