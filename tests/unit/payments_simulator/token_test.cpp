#include "plugins/payments_simulator/token.hpp"

#include <gtest/gtest.h>

namespace gantry::payments_simulator {
namespace {

TEST(Token, SaysHowItDeclines) {
  EXPECT_EQ(Token::parse("tok_declined").code, "CARD_DECLINED");
  EXPECT_EQ(Token::parse("tok_insufficient_funds").code, "INSUFFICIENT_FUNDS");
  EXPECT_EQ(Token::parse("tok_expired_card").code, "EXPIRED_CARD");
  EXPECT_EQ(Token::parse("tok_incorrect_cvc").code, "INCORRECT_CVC");
  EXPECT_EQ(Token::parse("tok_processing_error").code, "PROCESSING_ERROR");
}

TEST(Token, CarriesItsNumberWithinBounds) {
  EXPECT_EQ(Token::parse("tok_slow_250").number, 250u);
  EXPECT_EQ(Token::parse("tok_slow_5001").number, kSlowMsMax);
  EXPECT_EQ(Token::parse("tok_slow_99999999999999").number, kSlowMsMax);
  EXPECT_EQ(Token::parse("tok_flaky_2").number, 2u);
}

TEST(Token, IsUnknownUnlessItIsExactlyOneOfOurs) {
  for (const char* text : {"", "tok_", "tok_OK", "tok_ok ", "tok_slow_", "tok_slow_x",
                           "tok_slow_1x", "tok_slow_-1", "tok_flaky_", "pm_card_visa"}) {
    EXPECT_EQ(Token::parse(text).kind, Token::Kind::unknown) << text;
  }
}

}  // namespace
}  // namespace gantry::payments_simulator
