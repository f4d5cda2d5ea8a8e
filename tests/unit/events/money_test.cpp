#include "gantry/ticketing/money.hpp"

#include <gtest/gtest.h>

#include "gantry/ticketing/refund_rules.hpp"
#include "tests/unit/events/fixtures.hpp"
#include "tests/unit/events/json_table.hpp"

namespace gantry::ticketing {
namespace {

const Currency kUsd("USD");

TEST(Currency, KnowsItsMinorUnit) {
  EXPECT_EQ(Currency("JPY").digits(), 0);
  EXPECT_EQ(Currency("USD").digits(), 2);
  EXPECT_EQ(Currency("KWD").digits(), 3);
  EXPECT_EQ(Currency("EUR").digits(), 2);
  EXPECT_FALSE(Currency("XXX").is_known());
  EXPECT_FALSE(Currency("usd").is_known());
}

TEST(Money, AddsUpInOneCurrencyOnly) {
  EXPECT_EQ((Money{1099, kUsd} + Money{1, kUsd}), (Money{1100, kUsd}));
  EXPECT_EQ((Money{1099, kUsd} - Money{1100, kUsd}), (Money{-1, kUsd}));
  EXPECT_EQ((Money{1099, kUsd} * 3), (Money{3297, kUsd}));
  EXPECT_THROW((void)(Money{1, kUsd} + Money{1, Currency("EUR")}), Error);
}

TEST(Money, NeverWrapsAround) {
  EXPECT_THROW((void)(Money{INT64_MAX, kUsd} + Money{1, kUsd}), Error);
  EXPECT_THROW((void)(Money{INT64_MIN, kUsd} - Money{1, kUsd}), Error);
  EXPECT_THROW((void)(Money{INT64_MAX / 2, kUsd} * 3), Error);
  EXPECT_THROW((void)percent_of({INT64_MAX, kUsd}, 101), Error);
}

TEST(Money, RoundsPercentHalfUp) {
  EXPECT_EQ(percent_of({1099, kUsd}, 50), (Money{550, kUsd}));  // 549.5
  EXPECT_EQ(percent_of({1001, kUsd}, 50), (Money{501, kUsd}));  // 500.5
  EXPECT_EQ(percent_of({149, kUsd}, 33), (Money{49, kUsd}));    // 49.17
  EXPECT_EQ(percent_of({1099, kUsd}, 100), (Money{1099, kUsd}));
  EXPECT_EQ(percent_of({1099, kUsd}, 0), (Money{0, kUsd}));
  EXPECT_EQ(percent_of({1, kUsd}, 49), (Money{0, kUsd}));
  EXPECT_EQ(percent_of({1, kUsd}, 50), (Money{1, kUsd}));
  EXPECT_EQ(percent_of({-1099, kUsd}, 50), (Money{-550, kUsd}));
  EXPECT_EQ(percent_of({INT64_MAX, kUsd}, 100), (Money{INT64_MAX, kUsd}));
}

TEST(Money, GoesThroughJsonUnchanged) {
  const gantry_json table = testing_json::table();
  for (const Money money : {Money{500, Currency("JPY")}, Money{1099, kUsd},
                            Money{1234, Currency("KWD")}, Money{INT64_MAX, kUsd}}) {
    JsonWriter json;
    write(json, money);
    const JsonDocument document(table, json.text());
    EXPECT_EQ(money_from(document.root()), money) << json.text();
  }
}

TEST(Money, RefusesFractionsAndBareNumbers) {
  const gantry_json table = testing_json::table();
  for (const auto* text :
       {R"({"amount": 10.5, "currency": "USD"})", R"({"amount": 10.0, "currency": "USD"})",
        R"({"amount": "10", "currency": "USD"})", R"({"amount": 10})", "10"}) {
    const JsonDocument document(table, text);
    EXPECT_THROW(money_from(document.root()), Error) << text;
  }
}

TEST(RefundRules, GiveBackByDaysLeft) {
  using namespace events;
  const Instant start = at(240h);
  const auto percent = [&](Instant now) {
    return refund_percent(default_refund_rules(), start, now);
  };
  EXPECT_EQ(percent(start - 24h * 7), 100);
  EXPECT_EQ(percent(start - 24h * 7 + 1us), 50);
  EXPECT_EQ(percent(start - 24h * 3), 50);
  EXPECT_EQ(percent(start - 24h * 3 + 1us), 0);
  EXPECT_EQ(percent(start + 1h), 0);
}

TEST(RefundRules, CountInAnyOrder) {
  using namespace events;
  EXPECT_EQ(refund_percent({{0, 10}, {7, 100}, {3, 50}}, at(240h), at(240h) - 24h * 8), 100);
  EXPECT_EQ(refund_percent({{0, 10}, {7, 100}, {3, 50}}, at(240h), at(239h)), 10);
  EXPECT_EQ(refund_percent({}, at(240h), at(0h)), 0);
}

}  // namespace
}  // namespace gantry::ticketing
