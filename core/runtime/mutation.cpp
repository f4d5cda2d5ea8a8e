#include "core/runtime/mutation.hpp"

#if defined(GANTRY_MUTATIONS) || defined(GANTRY_FAIL_POINTS)  // the latter: so that tests see it
#include <algorithm>
#include <atomic>

#include "gantry/text.hpp"

namespace gantry::runtime {
namespace {

std::atomic<uint32_t> taken{0};  // asked from everywhere, so it is handed to nobody

std::string known_mutations() {
  std::string list;
  for (const Mutation& one : kMutations) list += join(list.empty() ? "" : ", ", one.name);
  return list;
}

}  // namespace

MutationPlan parse_mutations(std::string_view text) {
  MutationPlan plan;
  for (bool more = true; more;) {
    const size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    const auto* at = std::find_if(std::begin(kMutations), std::end(kMutations),
                                  [&](const Mutation& one) { return one.name == name; });
    if (at == std::end(kMutations))
      return {0, join("GANTRY_MUTATE: there is no mutation '", name, "'; there are ",
                      known_mutations())};
    plan.mask |= 1u << (at - std::begin(kMutations));
    more = comma != text.npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return plan;
}

void mutate(uint32_t mask) { taken.store(mask, std::memory_order_release); }

bool is_mutated(size_t mutation) {
  return (taken.load(std::memory_order_relaxed) >> mutation & 1) != 0;
}

}  // namespace gantry::runtime
#endif
