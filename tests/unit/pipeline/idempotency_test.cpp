// Idempotency-Key: one key, one effect, however often and whenever it is sent.
#include "core/pipeline/idempotency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/pipeline/rig.hpp"

namespace gantry::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(IdempotencyKey, IsVisibleAsciiWithOrWithoutQuotes) {
  EXPECT_EQ(idempotency_key("abc-1"), "abc-1");
  EXPECT_EQ(idempotency_key("\"abc\""), "abc");
  EXPECT_EQ(idempotency_key(std::string(128, 'k')), std::string(128, 'k'));
  for (const std::string& bad :
       {std::string(), std::string("\"\""), std::string("a b"), std::string("\x80"),
        std::string(129, 'k'), std::string("\"a\"b\"")}) {
    EXPECT_EQ(idempotency_key(bad), std::nullopt) << bad;
  }
}

TEST(IdempotencyScope, DiffersInEachOfItsParts) {
  const std::string scope = idempotency_scope("u", "POST", "/a", "k");
  EXPECT_EQ(scope.size(), 32u);
  EXPECT_EQ(scope, idempotency_scope("u", "POST", "/a", "k"));
  EXPECT_NE(scope, idempotency_scope("v", "POST", "/a", "k"));
  EXPECT_NE(scope, idempotency_scope("u", "PUT", "/a", "k"));
  EXPECT_NE(scope, idempotency_scope("u", "POST", "/b", "k"));
  EXPECT_NE(scope, idempotency_scope("u", "POST", "/a", "l"));
  EXPECT_NE(idempotency_scope("ab", "c", "", ""), idempotency_scope("a", "bc", "", ""));
}

TEST(IdempotencyCommand, IsTheSameInEveryRelease) {
  EXPECT_EQ(idempotency_command(std::string(32, '\0')).text(),
            "2383ef32-66b8-55f7-9c7f-c0d573295d8e");
}

struct Final {
  int status;
  std::string code;
  bool is_final;
};
class FinalAnswer : public testing::TestWithParam<Final> {};
TEST_P(FinalAnswer, IsOneThatWasDecided) {
  EXPECT_EQ(is_final_answer(GetParam().status, GetParam().code), GetParam().is_final);
}
INSTANTIATE_TEST_SUITE_P(
    Statuses, FinalAnswer,
    testing::Values(Final{200, "", true}, Final{204, "", true}, Final{402, "PAYMENT_REFUSED", true},
                    Final{404, "EVENT_NOT_FOUND", true}, Final{409, "SEAT_TAKEN", true},
                    Final{422, "SALE_CLOSED", true}, Final{422, "VALIDATION_FAILED", false},
                    Final{400, "BAD_REQUEST", false}, Final{401, "UNAUTHENTICATED", false},
                    Final{403, "FORBIDDEN", false}, Final{429, "RATE_LIMITED", false},
                    Final{500, "INTERNAL", false}, Final{503, "OVERLOADED", false},
                    Final{304, "", false}));

class Key : public testing::Test {
 protected:
  explicit Key(PipelineOptions options = {}) : rig(options) {
    acme.middleware("authenticate", "authn", [this](gantry_handle exchange, const gantry_request&) {
      rig.pipeline.principal(exchange, user, "customer");
      rig.pipeline.header(exchange, "X-Limit", "9");
      rig.pipeline.header(exchange, "Cache-Control", "private, max-age=1000");
      return GANTRY_NEXT;
    });
    RouteSpec& route =
        acme.route("POST", "/pay", [this](gantry_handle exchange, const gantry_request& request) {
          ++handled;
          commands.push_back(Uuid(request.command).text());
          return handle(exchange);
        });
    route.idempotency = GANTRY_IDEMPOTENCY_REQUIRED;
    route.thread = GANTRY_ON_WORKER;
    route.body_schema = "{}";
    rig.publish({acme.contribution}, {{"public", {"authenticate", "idempotency"}}});
  }
  Client& pay(std::string key, std::string body = "{}") {
    return rig.send("POST", "/pay",
                    {{"content-type", "application/json"}, {"idempotency-key", std::move(key)}},
                    std::move(body));
  }
  // What the log would do: keep the record that the exchange holds.
  void commit(gantry_handle exchange, log::Position position = 0) {
    if (auto record = rig.pipeline.stored_answer(exchange)) {
      record->position = position;
      rig.stored[record->scope] = *record;
    }
  }

  Rig rig;
  Plugin acme;
  std::string user = "user-1";
  int handled = 0;
  std::vector<std::string> commands;
  std::function<uint32_t(gantry_handle)> handle = [this](gantry_handle exchange) {
    rig.pipeline.header(exchange, "Location", "/pay/1");
    rig.answer(exchange, "{\"paid\":1}", 201);
    commit(exchange, 41);
    return GANTRY_DONE;
  };
};

TEST_F(Key, IsDemandedWhereTheRouteSaysSo) {
  Client& client = rig.send("POST", "/pay", {{"content-type", "application/json"}}, "{}");
  EXPECT_EQ(client.status(), 400);
  EXPECT_THAT(client.body(), HasSubstr("IDEMPOTENCY_KEY_MISSING"));
  EXPECT_EQ(pay("a b").status(), 400);
  EXPECT_EQ(handled, 0);
}

TEST_F(Key, ReplaysTheFirstAnswerWhole) {
  Client& first = pay("k");
  EXPECT_EQ(first.status(), 201);
  EXPECT_EQ(first.header("idempotency-replayed"), "");
  Client& second = pay("\"k\"");
  EXPECT_EQ(second.status(), 201);
  EXPECT_EQ(second.body(), "{\"paid\":1}");
  EXPECT_EQ(second.header("location"), "/pay/1");
  EXPECT_EQ(second.header("content-type"), "application/json");
  EXPECT_EQ(second.header("idempotency-replayed"), "true");
  EXPECT_EQ(second.header("gantry-position"), "41");
  EXPECT_EQ(handled, 1);
  // Headers of middleware belong to each answer of its own, not to the record.
  EXPECT_THAT(rig.stored.begin()->second.headers, testing::Not(HasSubstr("X-Limit")));
  EXPECT_EQ(rig.stored.begin()->second.expires_at, rig.clock.now() + std::chrono::hours(168));
}

TEST_F(Key, TakesTheSameJsonInAnotherSpellingAsTheSameBody) {
  pay("k", "{\"a\":1,\"b\":2}");
  EXPECT_EQ(pay("k", "{ \"b\" : 2, \"a\" : 1 }").header("idempotency-replayed"), "true");
}

TEST_F(Key, RefusesAnotherBodyUnderTheSameKey) {
  pay("k", "{\"a\":1}");
  Client& other = pay("k", "{\"a\":2}");
  EXPECT_EQ(other.status(), 422);
  EXPECT_THAT(other.body(), HasSubstr("IDEMPOTENCY_KEY_REUSED"));
  EXPECT_EQ(handled, 1);
}

TEST_F(Key, BelongsToOneUser) {
  pay("k");
  user = "user-2";
  pay("k");
  EXPECT_EQ(handled, 2);
  EXPECT_NE(commands[0], commands[1]);
}

TEST_F(Key, IsRefusedWhileTheFirstRequestIsUnderWay) {
  gantry_handle held = 0;
  handle = [&](gantry_handle exchange) {
    held = exchange;
    return GANTRY_PENDING;
  };
  Client& first = pay("k");
  Client& second = pay("k");
  EXPECT_EQ(second.status(), 409);
  EXPECT_THAT(second.body(), HasSubstr("IDEMPOTENCY_IN_PROGRESS"));
  EXPECT_EQ(second.header("retry-after"), "1");
  rig.answer(held);
  rig.pipeline.resume(held, GANTRY_DONE);
  rig.run();
  EXPECT_EQ(first.status(), 200);
  EXPECT_EQ(handled, 1);
}

TEST_F(Key, StaysTakenAfterATimeOutUntilTheWorkIsReallyOver) {
  gantry_handle held = 0;
  handle = [&](gantry_handle exchange) {
    held = exchange;
    return GANTRY_PENDING;
  };
  Client& first = pay("k");
  first.time_out();
  first.end();
  EXPECT_EQ(pay("k").status(), 409);
  rig.pipeline.resume(held, GANTRY_DONE);
  rig.run();
  handle = [&](gantry_handle exchange) { return rig.answer(exchange); };
  EXPECT_EQ(pay("k").status(), 200);
  EXPECT_EQ(commands[0], commands[1]);
}

TEST_F(Key, IsFreeAgainBeforeTheClientSeesTheAnswer) {
  handle = [&](gantry_handle exchange) { return rig.answer(exchange); };  // stores nothing
  Client& first = pay("k");
  EXPECT_FALSE(first.over);  // the edge is still sending
  EXPECT_EQ(pay("k").status(), 200);
}

TEST_F(Key, RunsAgainUnderTheSameCommandWhatWasBegunBeforeACrash) {
  handle = [&](gantry_handle exchange) {
    commit(exchange);  // begun: no answer yet
    return rig.answer(exchange, "{}", 201);
  };
  pay("k");
  ASSERT_EQ(rig.stored.begin()->second.status, 0);
  EXPECT_EQ(pay("k").header("idempotency-replayed"), "");
  EXPECT_EQ(handled, 2);
  EXPECT_EQ(commands[0], commands[1]);
}

// The same request came to another server too, which was quicker.
class KeyUsedElsewhere : public Key {
 protected:
  // The first call loses against the other server's answer and asks to be called again.
  void answer_elsewhere(int status, std::string fingerprint = {}) {
    handle = [this, status, fingerprint](gantry_handle exchange) {
      if (handled > 1) return rig.answer(exchange, "{\"paid\":2}", 201);
      rig.pipeline.header(exchange, "X-Mine", "1");
      rig.answer(exchange, "{\"error\":\"taken\"}", 409);
      log::StoredAnswer theirs = rig.pipeline.stored_answer(exchange).value();
      theirs.status = status;
      theirs.headers = "Location: /pay/7\r\nContent-Type: application/json\r\n";
      theirs.body = "{\"paid\":7}";
      theirs.position = 41;
      if (!fingerprint.empty()) theirs.fingerprint = fingerprint;
      rig.stored[theirs.scope] = theirs;
      rig.pipeline.resume(exchange, GANTRY_AGAIN);
      return uint32_t{GANTRY_PENDING};
    };
  }
};

TEST_F(KeyUsedElsewhere, IsAnsweredWithWhatIsStoredThere) {
  answer_elsewhere(201);
  Client& client = pay("k");
  EXPECT_EQ(client.status(), 201);
  EXPECT_EQ(client.body(), "{\"paid\":7}");
  EXPECT_EQ(client.header("location"), "/pay/7");
  EXPECT_EQ(client.header("content-type"), "application/json");
  EXPECT_EQ(client.header("idempotency-replayed"), "true");
  EXPECT_EQ(client.header("gantry-position"), "41");
  EXPECT_EQ(client.header("x-limit"), "9");
  EXPECT_EQ(client.header("x-mine"), "");
  EXPECT_EQ(handled, 1);
}

TEST_F(KeyUsedElsewhere, ForAnotherBodyIsToldSo) {
  answer_elsewhere(201, std::string(32, 'x'));
  Client& client = pay("k");
  EXPECT_EQ(client.status(), 422);
  EXPECT_THAT(client.body(), HasSubstr("IDEMPOTENCY_KEY_REUSED"));
  EXPECT_EQ(handled, 1);
}

TEST_F(KeyUsedElsewhere, AndOnlyBegunThereIsDecidedAgainInTheKnowledgeOfIt) {
  answer_elsewhere(0);
  std::vector<bool> knew;
  handle = [&, first = handle](gantry_handle exchange) {
    const uint32_t verdict = first(exchange);
    if (handled > 1) knew.push_back(rig.pipeline.stored_answer(exchange)->knows_begun);
    return verdict;
  };
  EXPECT_EQ(pay("k").body(), "{\"paid\":2}");
  EXPECT_EQ(handled, 2);
  EXPECT_EQ(commands[0], commands[1]);
  EXPECT_THAT(knew, ElementsAre(true));
}

TEST_F(KeyUsedElsewhere, IsLookedUpForHandlersOfTheLoopToo) {
  answer_elsewhere(201);
  acme.route("POST", "/loop",
             [this](gantry_handle exchange, const gantry_request& request) {
               EXPECT_EQ(request.on_worker, 0u);
               ++handled;
               return handle(exchange);
             })
      .idempotency = GANTRY_IDEMPOTENCY_OPTIONAL;
  rig.publish({acme.contribution}, {{"public", {"authenticate", "idempotency"}}});
  EXPECT_EQ(rig.send("POST", "/loop", {{"idempotency-key", "k"}}).body(), "{\"paid\":7}");
  EXPECT_EQ(handled, 1);
}

TEST_F(Key, DecidesAgainWhereNobodyHasAnsweredMeanwhileAndNotForEver) {
  handle = [](gantry_handle) { return uint32_t{GANTRY_AGAIN}; };
  EXPECT_EQ(pay("k").status(), 503);
  EXPECT_EQ(handled, 1000);
}

TEST_F(Key, TellsTheLogWhatItKnowsToBeBegun) {
  std::vector<bool> knew;
  handle = [&](gantry_handle exchange) {
    knew.push_back(rig.pipeline.stored_answer(exchange)->knows_begun);
    commit(exchange);
    rig.answer(exchange, "{}", 201);
    knew.push_back(rig.pipeline.stored_answer(exchange)->knows_begun);
    return GANTRY_DONE;
  };
  pay("k");
  pay("k");  // as after a crash
  EXPECT_THAT(knew, ElementsAre(false, true, true, true));
}

TEST_F(Key, StoresNoAnswerThatIsNotFinal) {
  handle = [&](gantry_handle exchange) {
    rig.pipeline.problem(exchange, 503, "PROVIDER_DOWN", "", "", "");
    EXPECT_EQ(rig.pipeline.stored_answer(exchange), std::nullopt);
    rig.pipeline.problem(exchange, 422, "VALIDATION_FAILED", "", "", "[]");
    EXPECT_EQ(rig.pipeline.stored_answer(exchange), std::nullopt);
    rig.pipeline.problem(exchange, 402, "PAYMENT_REFUSED", "", "", "");
    EXPECT_NE(rig.pipeline.stored_answer(exchange), std::nullopt);
    return GANTRY_DONE;
  };
  EXPECT_EQ(pay("k").status(), 402);
}

// A header that a middleware set and the handler's answer replaced once shifted where its own
// begin.
TEST_F(Key, StoresWholeLinesAlsoWhenTheHandlerReplacesAHeaderOfTheChain) {
  handle = [&](gantry_handle exchange) {
    rig.pipeline.header(exchange, "Location", "/pay/1");
    rig.pipeline.problem(exchange, 402, "PAYMENT_REFUSED", "", "", "");
    commit(exchange);
    return GANTRY_DONE;
  };
  pay("k");
  EXPECT_EQ(rig.stored.begin()->second.headers,
            "Location: /pay/1\r\nCache-Control: no-store\r\n"
            "Content-Type: application/problem+json\r\n");
  handle = [&](gantry_handle exchange) {
    rig.pipeline.header(exchange, "cache-control", "no-cache");
    rig.answer(exchange, "{}", 201);
    commit(exchange);
    return GANTRY_DONE;
  };
  rig.stored.clear();
  pay("l");
  EXPECT_EQ(rig.stored.begin()->second.headers,
            "cache-control: no-cache\r\nContent-Type: application/json\r\n");
}

TEST_F(Key, GivesEveryRequestWithoutOneACommandOfItsOwn) {
  acme.route("POST", "/other",
             [this](gantry_handle exchange, const gantry_request& request) {
               commands.push_back(Uuid(request.command).text());
               EXPECT_EQ(rig.pipeline.stored_answer(exchange), std::nullopt);
               return rig.answer(exchange);
             })
      .idempotency = GANTRY_IDEMPOTENCY_OPTIONAL;
  rig.publish({acme.contribution}, {{"public", {"authenticate", "idempotency"}}});
  rig.send("POST", "/other");
  rig.send("POST", "/other");
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_NE(commands[0], commands[1]);
}

TEST_F(Key, WorksForHandlersOfTheLoopToo) {
  acme.route("POST", "/loop",
             [this](gantry_handle exchange, const gantry_request& request) {
               EXPECT_EQ(request.on_worker, 0u);
               commands.push_back(Uuid(request.command).text());
               return handle(exchange);
             })
      .idempotency = GANTRY_IDEMPOTENCY_OPTIONAL;
  rig.publish({acme.contribution}, {{"public", {"authenticate", "idempotency"}}});
  EXPECT_EQ(rig.send("POST", "/loop", {{"idempotency-key", "k"}}).status(), 201);
  EXPECT_EQ(rig.send("POST", "/loop", {{"idempotency-key", "k"}}).header("idempotency-replayed"),
            "true");
  EXPECT_EQ(commands.size(), 1u);
  EXPECT_EQ(commands[0], idempotency_command(rig.stored.begin()->first).text());
}

class SmallAnswers : public Key {
 protected:
  static PipelineOptions small() {
    PipelineOptions options;
    options.idempotency.answer_bytes_max = 50;
    return options;
  }
  SmallAnswers() : Key(small()) {}
};

TEST_F(SmallAnswers, DoNotStoreALargerOneAndSaySo) {
  handle = [&](gantry_handle exchange) {
    rig.answer(exchange, "\"" + std::string(100, 'x') + "\"");
    EXPECT_EQ(rig.pipeline.stored_answer(exchange), std::nullopt);
    return GANTRY_DONE;
  };
  EXPECT_EQ(pay("k").status(), 200);
  EXPECT_EQ(rig.logger.lines_of("error http.answer_not_stored").size(), 1u);
}

}  // namespace
}  // namespace gantry::pipeline
