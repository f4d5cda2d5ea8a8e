// What is written to the log is what is read from it.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "tests/unit/events/json_table.hpp"

namespace gantry::payments {
namespace {

TEST(PaymentEvents, SurviveTheLog) {
  P::Requested odd = kRequested;
  odd.amount = {1234, ticketing::Currency("KWD")};
  odd.method = {"paypal", "tok \"quoted\" ☃"};
  odd.terms.refund_rules = {};
  P::RefundRequested reason = asked(kRefund, 1);
  reason.reason = "line 1\nline 2 \"x\"";
  const std::vector<P::Event> all{kRequested,
                                  odd,
                                  kAuthorized,
                                  kCaptured,
                                  kDeclined,
                                  P::Declined{Step::capture, "PROCESSING_ERROR", 0, at(1s)},
                                  kLost,
                                  P::OutcomeUnknown{Step::capture, at(1s)},
                                  kVoided,
                                  reason,
                                  went_back(kRefund, 400, 400),
                                  went_back(kOther, 600, 1000),
                                  P::RefundFailed{kRefund, usd(1), "PROCESSING_ERROR", at(1s)}};
  for (const auto& event : all)
    EXPECT_EQ(testing_json::again<P>(event), event) << P::encode(event).data;
}

TEST(PaymentEvents, OfAnUnknownTypeAreRefused) {
  static const gantry_json json = testing_json::table();
  const JsonDocument data(json, R"({"at": "2027-01-15T08:00:00.000Z"})");
  EXPECT_THROW(P::decode("payments.captured.v9", data.root()), Error);
}

}  // namespace
}  // namespace gantry::payments
