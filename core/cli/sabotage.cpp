#include "core/cli/sabotage.hpp"

#include <cstdlib>
#include <iostream>

#include "core/runtime/clock_skew.hpp"
#include "core/runtime/fail_point.hpp"
#include "core/runtime/mutation.hpp"

namespace gantry::cli {

std::string take_sabotage() {
#ifdef GANTRY_FAIL_POINTS
  if (const char* text = std::getenv("GANTRY_FAIL"); text != nullptr && *text != '\0') {
    runtime::FailPlan plan = runtime::parse_fail_plan(text);
    if (!plan.fault.empty()) return plan.fault;
    runtime::arm_fail_points(std::move(plan.rules));
    std::cerr << "gantry: fail points armed: " << text << '\n';
  }
  if (const char* file = std::getenv("GANTRY_CLOCK_SKEW"); file != nullptr && *file != '\0') {
    if (std::string fault = runtime::follow_clock_skew(file); !fault.empty()) return fault;
    std::cerr << "gantry: the wall clock is moved by " << file << '\n';
  }
#endif
#ifdef GANTRY_MUTATIONS
  if (const char* text = std::getenv("GANTRY_MUTATE"); text != nullptr && *text != '\0') {
    const runtime::MutationPlan plan = runtime::parse_mutations(text);
    if (!plan.fault.empty()) return plan.fault;
    runtime::mutate(plan.mask);
    std::cerr << "gantry: guards taken away: " << text << '\n';
  }
#endif
  return {};
}

}  // namespace gantry::cli
