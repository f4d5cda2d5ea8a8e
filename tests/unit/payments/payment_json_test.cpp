#include "payment_json.hpp"

#include <gtest/gtest.h>

#include "core/base/json_schema.hpp"
#include "fixtures.hpp"
#include "schemas.hpp"

namespace gantry::payments {
namespace {

P::State state_of(const std::vector<P::Event>& past) { return Given::given(past).state(); }

std::string json_of(const std::vector<P::Event>& past) {
  return to_json(view_of(kPayment, state_of(past), static_cast<int64_t>(past.size())));
}

std::vector<base::JsonFault> faults(const std::string& schema, const std::string& text) {
  base::JsonDocument document;
  EXPECT_TRUE(document.parse(text)) << text;
  return base::JsonSchema(schema).validate(document.root());
}

int status_of(const std::vector<P::Event>& past) {
  const auto answer = answer_of(kPayment, state_of(past), 1);
  return answer ? answer->status() : 0;
}

TEST(PaymentJson, NeverShowsTheToken) {
  const std::string json = json_of({kRequested, kAuthorized, kCaptured});
  EXPECT_EQ(json.find("tok_ok"), json.npos) << json;
  EXPECT_NE(json.find(R"("method":{"type":"card","brand":"visa","last4":"4242"})"), json.npos);
}

TEST(PaymentJson, HoldsToItsSchemaInEveryState) {
  const std::vector<std::vector<P::Event>> pasts{
      {kRequested},
      {kRequested, kAuthorized},
      {kRequested, kAuthorized, kCaptured, asked(kRefund, 400)},
      {kRequested, kDeclined},
      {kRequested, kVoided},
      {kRequested, kLost}};
  for (const auto& past : pasts) {
    const std::string json = json_of(past);
    EXPECT_TRUE(faults(schema::payment(), json).empty()) << json;
    EXPECT_TRUE(
        faults(schema::payments(), join(R"({"items":[)", json, R"(],"next_page_token":""})"))
            .empty());
  }
}

TEST(PaymentJson, CountsRefundsUnderWayAsNotRefundable) {
  const P::State state = state_of({kRequested, kAuthorized, kCaptured, asked(kRefund, 400),
                                   went_back(kRefund, 400, 400), asked(kOther, 100)});
  const PaymentView view = view_of(kPayment, state, 6);
  EXPECT_EQ(view.amount_refunded, usd(400));
  EXPECT_EQ(view.amount_refundable, usd(500));
}

TEST(RefundJson, HoldsToItsSchema) {
  const P::State state = state_of({kRequested, kAuthorized, kCaptured, asked(kRefund, 400)});
  const std::string json = to_json(view_of(kPayment, state, state.refunds.front()));
  EXPECT_TRUE(faults(schema::refund(), json).empty()) << json;
  EXPECT_TRUE(
      faults(schema::refunds(), join(R"({"items":[)", json, R"(],"next_page_token":""})")).empty());
}

TEST(RequestSchemas, AreReadable) {
  EXPECT_NO_THROW(base::JsonSchema{schema::kPay});
  EXPECT_NO_THROW(base::JsonSchema{schema::kRefund});
}

TEST(Answer, ComesWithTheOutcomeAndNotBefore) {
  EXPECT_EQ(status_of({kRequested}), 0);
  EXPECT_EQ(status_of({kRequested, kAuthorized}), 0);
  EXPECT_EQ(status_of({kRequested, kAuthorized, kCaptured}), 201);
  EXPECT_EQ(status_of({kRequested, kDeclined}), 402);
  EXPECT_EQ(status_of({kRequested, kVoided}), 410);
  EXPECT_EQ(status_of({kRequested, kLost}), 504);
}

}  // namespace
}  // namespace gantry::payments
