#include "core/runtime/mutation.hpp"

#include <gtest/gtest.h>

namespace gantry::runtime {
namespace {

using testing::HasSubstr;

TEST(MutationText, NamesOneOrSeveral) {
  EXPECT_EQ(parse_mutations("no_fence").mask, 1u << mutation("no_fence"));
  EXPECT_EQ(parse_mutations("no_log_lock,no_witness").mask,
            1u << mutation("no_log_lock") | 1u << mutation("no_witness"));
}

TEST(MutationText, ListsAllWhenItNamesAnUnknownOne) {
  const MutationPlan plan = parse_mutations("no_fence,no_fences");
  EXPECT_EQ(plan.mask, 0u);
  EXPECT_THAT(plan.fault, HasSubstr("there is no mutation 'no_fences'"));
  for (const Mutation& one : kMutations) EXPECT_THAT(plan.fault, HasSubstr(std::string(one.name)));
}

TEST(MutationText, IsRefusedWhenPartOfItIsEmpty) {
  for (const char* text : {"", ",", "no_fence,", ",no_fence", "no_fence, no_witness"})
    EXPECT_FALSE(parse_mutations(text).fault.empty()) << text;
}

TEST(Mutation, TakesAwayOnlyWhatIsNamed) {
  mutate(parse_mutations("no_fence").mask);
  EXPECT_TRUE(is_mutated(mutation("no_fence")));
  EXPECT_FALSE(is_mutated(mutation("no_witness")));
  mutate(0);
  EXPECT_FALSE(is_mutated(mutation("no_fence")));
}

}  // namespace
}  // namespace gantry::runtime
