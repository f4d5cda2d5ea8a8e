// Stored answers to requests with an Idempotency-Key.
#include "gantry/text.hpp"
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
using namespace std::chrono_literals;

const std::string kScope(32, '\x01');

class Answer : public LogContract {
 protected:
  StoredAnswer made(int n, int status, const std::string& scope = kScope) {
    StoredAnswer answer;
    answer.scope = scope;
    answer.fingerprint = std::string(32, '\xFF');
    answer.command = command(n);
    answer.status = status;
    answer.headers = "content-type: application/json";
    answer.body = std::string("{\"a\":\0}", 7);
    answer.expires_at = clock_.now() + 24h;
    return answer;
  }
  static StoredAnswer completing(StoredAnswer answer) {
    answer.knows_begun = true;
    return answer;
  }
  Outcome store(int n, StoredAnswer answer, std::vector<StreamAppend> appends = {}) {
    Unit given = unit(n, std::move(appends));
    given.answer = std::move(answer);
    return log().append_wait(given);
  }
};
GANTRY_LOG_CONTRACT(Answer);

TEST_P(Answer, IsThereWithTheEventsAndTheirPosition) {
  open();
  EXPECT_FALSE(log().answer(kScope).has_value());
  store(1, made(1, 201), {to("cart-1", kAbsent, 3)});

  const StoredAnswer found = log().answer(kScope).value();

  EXPECT_EQ(found.scope, kScope);
  EXPECT_EQ(found.fingerprint, std::string(32, '\xFF'));
  EXPECT_EQ(found.command, command(1));
  EXPECT_EQ(found.status, 201);
  EXPECT_EQ(found.headers, "content-type: application/json");
  EXPECT_EQ(found.body, std::string("{\"a\":\0}", 7));
  EXPECT_EQ(found.position, 3);
  EXPECT_EQ(found.expires_at, clock_.now() + 24h);
}

TEST_P(Answer, IsNotStoredWhenTheUnitIsRefused) {
  open();
  EXPECT_EQ(store(1, made(1, 201), {to("cart-1", 5)}).code, Code::kConflict);
  EXPECT_FALSE(log().answer(kScope).has_value());
}

TEST_P(Answer, OfAUnitWithoutEventsHasPositionZero) {
  open();
  EXPECT_EQ(store(1, made(1, 200)).code, Code::kOk);
  EXPECT_EQ(log().answer(kScope).value().position, 0);
}

TEST_P(Answer, ThatWasBegunIsReplacedByTheSameCommand) {
  open();
  store(1, made(1, 0), {to("cart-1", kAbsent, 2)});
  EXPECT_EQ(log().answer(kScope).value().status, 0);

  store(1, completing(made(1, 201)));

  EXPECT_EQ(log().answer(kScope).value().status, 201);
  EXPECT_EQ(log().answer(kScope).value().position, 2);
}

TEST_P(Answer, ThatWasBegunIsReplacedByARepeatOfTheCommand) {
  open();
  store(1, made(1, 0), {to("cart-1", kAbsent, 2)});
  EXPECT_TRUE(store(1, completing(made(1, 201)), {to("cart-1", kAbsent, 2)}).committed.repeated);
  EXPECT_EQ(log().answer(kScope).value().status, 201);
}

TEST_P(Answer, ThatWasGivenStays) {
  open();
  store(1, made(1, 201));
  EXPECT_EQ(store(1, made(1, 0)).code, Code::kConflict);
  EXPECT_EQ(store(1, completing(made(1, 500))).code, Code::kConflict);
  EXPECT_EQ(log().answer(kScope).value().status, 201);
}

// One request at two servers: what the second decides, it decides without knowing of the answer
// that the first has stored meanwhile.
class AnswerGivenMeanwhile : public Answer {
 protected:
  void expect_conflict(const StoredAnswer& answer, std::vector<StreamAppend> appends) {
    open();
    store(1, made(1, 201), {to("cart-1", kAbsent)});
    const Outcome second = store(1, answer, std::move(appends));
    EXPECT_EQ(second.code, Code::kConflict);
    EXPECT_EQ(second.detail, "another request has answered or begun under this idempotency key");
    EXPECT_EQ(log().answer(kScope).value().status, 201);
    EXPECT_EQ(log().head(), 1);
  }
};
GANTRY_LOG_CONTRACT(AnswerGivenMeanwhile);

TEST_P(AnswerGivenMeanwhile, StaysAgainstTheSameEvents) {
  expect_conflict(made(1, 201), {to("cart-1", kAbsent)});
}
TEST_P(AnswerGivenMeanwhile, StaysAgainstOtherEvents) {
  expect_conflict(made(1, 201), {to("cart-2", kAbsent)});
}
TEST_P(AnswerGivenMeanwhile, StaysAgainstARefusalThatRestsOnItsOwnEvents) {
  expect_conflict(made(1, 409), {to("cart-1", 1, 0)});
}

TEST_P(Answer, BegunMeanwhileIsAConflictForWhoeverDoesNotKnow) {
  open();
  store(1, made(1, 0), {to("cart-1", kAbsent)});
  EXPECT_EQ(store(1, made(1, 0), {to("cart-2", kAbsent)}).code, Code::kConflict);
  EXPECT_EQ(store(1, made(1, 409), {to("cart-1", 1, 0)}).code, Code::kConflict);
  EXPECT_EQ(log().answer(kScope).value().status, 0);
  EXPECT_EQ(log().head(), 1);
}

TEST_P(Answer, OfTwoInOneGroupTheFirstCounts) {
  open();
  Outcomes outcomes(2);
  {
    HeldWriter held(log());
    for (const int status : {201, 202}) {
      Unit given = unit(1, {to(join("cart-", status), kAbsent)});
      given.answer = made(1, status);
      log().append(given, outcomes.slot(static_cast<size_t>(status - 201)));
    }
  }
  const auto both = outcomes.wait();
  EXPECT_EQ(both[0].code, Code::kOk);
  EXPECT_EQ(both[1].code, Code::kConflict);
  EXPECT_EQ(log().answer(kScope).value().status, 201);
  EXPECT_EQ(log().stream_version("cart-202"), 0);
}

TEST_P(Answer, OfAnotherCommandIsAConflictAndNothingIsWritten) {
  open();
  store(1, made(1, 0));
  const Outcome second = store(2, made(2, 0), {to("cart-1", kAny)});
  EXPECT_EQ(second.code, Code::kConflict);
  EXPECT_EQ(log().head(), 0);
  EXPECT_EQ(log().answer(kScope).value().command, command(1));
}

TEST_P(Answer, ExpiresAndMakesRoom) {
  open();
  store(1, made(1, 201));
  clock_.advance(24h - 1us);
  EXPECT_TRUE(log().answer(kScope).has_value());
  clock_.advance(1us);
  EXPECT_FALSE(log().answer(kScope).has_value());
  EXPECT_EQ(store(2, made(2, 202)).code, Code::kOk);
  EXPECT_EQ(log().answer(kScope).value().status, 202);
}

TEST_P(Answer, SurvivesReopening) {
  open();
  store(1, made(1, 201));
  open();
  EXPECT_EQ(log().answer(kScope).value().status, 201);
}
}  // namespace
}  // namespace gantry::log::test
