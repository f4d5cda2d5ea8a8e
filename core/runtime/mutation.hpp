// Mutations: guards that a test may take away, to see that the tests then go red. A build with the
// CMake option GANTRY_MUTATIONS (preset "mutation", never a release) obeys the environment variable
// GANTRY_MUTATE = name ("," name)*; in any other build GANTRY_MUTATED(name) is the constant false.
//
// A mutation stands where its guard stands:
//   if (row == stored_ || GANTRY_MUTATED("no_fence")) return true;
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gantry::runtime {

struct Mutation {
  std::string_view name;
  std::string_view what;  // what the server then does
};

// All there are. A name that is not here does not compile, and does not start.
inline constexpr Mutation kMutations[] = {
    {"no_log_lock", "takes the position from a counter before the log's lock, as a sequence does"},
    {"no_expected_version", "appends whatever version its stream has come to"},
    {"no_repeat_check", "gives each attempt of a command new event ids"},
    {"ack_before_commit", "answers before the commit that carries the answer"},
    {"timer_early", "fires timers before they are due"},
    {"timer_twice", "fires a timer without marking it fired"},
    {"no_fence", "moves a checkpoint without comparing where it was"},
    {"checkpoint_apart", "commits a projection's checkpoint apart from its rows, and first"},
    {"no_witness", "goes on from a checkpoint whose event is another one now"},
    {"refund_twice", "sends a refund to the provider under a new key each time"},
};
inline constexpr size_t kMutationCount = sizeof kMutations / sizeof kMutations[0];

// Place of `name` in the list; no constant when it is not there, so that a typo does not compile.
constexpr size_t mutation(std::string_view name) {
  for (size_t i = 0; i < kMutationCount; ++i) {
    if (kMutations[i].name == name) return i;
  }
  throw "there is no such mutation";
}

struct MutationPlan {
  uint32_t mask = 0;  // bit n: kMutations[n]
  std::string fault;  // one sentence; empty: the text was well formed
};
static_assert(kMutationCount <= 32);

MutationPlan parse_mutations(std::string_view text);

// Before the threads that ask. [setup]
void mutate(uint32_t mask);
bool is_mutated(size_t mutation);  // [any]

template <size_t kMutation>
inline constexpr size_t kKnownMutation = kMutation;
template <size_t kMutation>
inline constexpr bool kNeverMutated = false;

}  // namespace gantry::runtime

#ifdef GANTRY_MUTATIONS
#define GANTRY_MUTATED(name)     \
  ::gantry::runtime::is_mutated( \
      ::gantry::runtime::kKnownMutation<::gantry::runtime::mutation(name)>)
#else
#define GANTRY_MUTATED(name) (::gantry::runtime::kNeverMutated<::gantry::runtime::mutation(name)>)
#endif
