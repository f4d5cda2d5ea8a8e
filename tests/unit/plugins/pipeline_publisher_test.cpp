// Which chains the registry's publisher takes for whole.
#include "core/plugins/pipeline_publisher.hpp"

#include "tests/unit/plugins/fakes.hpp"

namespace gantry::plugins {
namespace {

pipeline::Contribution plugin(const std::string& id, const std::string& middleware,
                              const std::string& phase) {
  pipeline::Contribution contribution;
  contribution.owner = std::make_shared<pipeline::Owner>(id);
  contribution.middleware.push_back(
      {middleware, phase, nullptr,
       [](void*, gantry_handle, const gantry_request*) noexcept -> uint32_t { return GANTRY_NEXT; },
       nullptr});
  return contribution;
}

struct Publishing : testing::Test {
  std::vector<std::string> faults(const Composition& composition) {
    std::vector<std::string> all;
    for (const auto& fault : publisher_.faults(composition)) all.push_back(sentence(fault));
    return all;
  }
  Bench bench_;
  pipeline::Pipeline pipeline_{{},
                               {.clock = bench_.clock,
                                .ids = bench_.ids,
                                .logger = bench_.log,
                                .metrics = nullptr,
                                .submit = [](auto, auto) { return false; },
                                .when = [](auto&, auto, auto, auto) {},
                                .stored = [](auto) { return std::nullopt; }},
                               {}};
  PipelinePublisher publisher_{pipeline_,
                               {{"public", {"request_id", "cors", "limit"}},
                                {"private", {"request_id", "authenticate", "limit"}}},
                               bench_.health};
  const pipeline::Contribution cors_ = plugin("cors", "cors", "admit");
  const pipeline::Contribution auth_ = plugin("auth", "authenticate", "authn");
  const pipeline::Contribution limit_ = plugin("limit", "limit", "quota");
};

TEST_F(Publishing, FindsNothingWrongWithAWholeComposition) {
  EXPECT_THAT(faults({{cors_, auth_, limit_}, false}), testing::IsEmpty());
}

TEST_F(Publishing, FindsMiddlewareThatNobodyHasEverDeclared) {
  const auto found = faults({{cors_, limit_}, false});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0], testing::HasSubstr("chains.private[1]"));
}

TEST_F(Publishing, MissesOnlyWhatAPluginOnceDeclared) {
  EXPECT_THAT(faults({{cors_, auth_, limit_}, false}), testing::IsEmpty());
  EXPECT_THAT(faults({{cors_, limit_}, false}), testing::IsEmpty());
}

TEST_F(Publishing, ToleratesUnknownMiddlewareWhileAPluginIsLeftOut) {
  EXPECT_THAT(faults({{limit_}, true}), testing::IsEmpty());
  EXPECT_THAT(faults({{}, true}), testing::IsEmpty());
}

TEST_F(Publishing, TakesWhatIsLeftOutForWhatMayStandWhereItStands) {
  PipelinePublisher publisher{
      pipeline_,
      {{"public", {"request_id", "access_log", "headers"}},
       {"private", {"request_id", "access_log", "authenticate", "idempotency", "last"}}},
      bench_.health};
  EXPECT_THAT(publisher.faults({{}, true}), testing::IsEmpty());
}

TEST_F(Publishing, IsNotReadyWhileAChainLacksMiddleware) {
  publisher_.publish(
      {{limit_}, true}, [] {}, [] {});
  EXPECT_THAT(bench_.health.not_ready(), testing::HasSubstr("lacks middleware authenticate"));
  publisher_.publish(
      {{cors_, auth_, limit_}, false}, [] {}, [] {});
  EXPECT_EQ(bench_.health.not_ready(), "");
  EXPECT_THROW(publisher_.publish(
                   {{plugin("other", "cors", "admit"), cors_}, false}, [] {}, [] {}),
               Error);
}

}  // namespace
}  // namespace gantry::plugins
