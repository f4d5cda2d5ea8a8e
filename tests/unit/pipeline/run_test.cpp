// One exchange through chain, body, handler and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/pipeline/rig.hpp"

namespace gantry::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class Request_ : public testing::Test {
 protected:
  // A middleware "name" that writes down both passes and says `verdict`.
  void trace(std::string name, std::string phase, uint32_t verdict = GANTRY_NEXT) {
    chain.push_back(name);
    acme.middleware(
        name, std::move(phase),
        [this, name, verdict](gantry_handle exchange, const gantry_request&) {
          seen.push_back(name + ">");
          if (verdict == GANTRY_DONE) rig.answer(exchange, "\"early\"", 401);
          return verdict;
        },
        [this, name](gantry_handle exchange, const gantry_request&) {
          seen.push_back("<" + name + " " + std::to_string(rig.pipeline.status(exchange)));
        });
  }
  Call ok() {
    return [this](gantry_handle exchange, const gantry_request&) {
      seen.push_back("handler");
      return rig.answer(exchange);
    };
  }
  void publish() { rig.publish({acme.contribution}, {{"public", chain}}); }

  Rig rig;
  Plugin acme;
  std::vector<std::string> chain, seen;
};

TEST_F(Request_, RunsTheChainForwardAndBackward) {
  trace("a", "edge");
  trace("b", "cache");
  acme.route("GET", "/x", ok());
  publish();
  EXPECT_EQ(rig.send("GET", "/x").status(), 200);
  EXPECT_THAT(seen, ElementsAre("a>", "b>", "handler", "<b 200", "<a 200"));
  EXPECT_EQ(acme.contribution.owner->calls, 5u);
  EXPECT_EQ(acme.contribution.owner->failures, 0u);
}

TEST_F(Request_, PassesEveryMiddlewareOnTheWayBackAlsoAfterAnEarlyAnswer) {
  trace("a", "edge");
  trace("b", "authn", GANTRY_DONE);
  trace("c", "cache");
  acme.route("GET", "/x", ok());
  publish();
  EXPECT_EQ(rig.send("GET", "/x").status(), 401);
  EXPECT_THAT(seen, ElementsAre("a>", "b>", "<c 401", "<b 401", "<a 401"));
}

TEST_F(Request_, AnswersAnUnknownPathOnTheDefaultChain) {
  trace("a", "edge");
  publish();
  const Client& client = rig.send("GET", "/nowhere");
  EXPECT_EQ(client.status(), 404);
  EXPECT_THAT(client.body(), HasSubstr("\"code\":\"NOT_FOUND\""));
  EXPECT_THAT(seen, ElementsAre("a>", "<a 404"));
}

TEST_F(Request_, PrefersTheChainNamedDefaultForThat) {
  trace("a", "edge");
  rig.publish({acme.contribution}, {{"public", {}}, {"default", {"a"}}});
  EXPECT_EQ(rig.send("GET", "/nowhere").status(), 404);
  EXPECT_THAT(seen, SizeIs(2));
}

TEST_F(Request_, RefusesABodyForAnUnknownPathBeforeItIsRead) {
  trace("a", "edge");
  publish();
  Client client(rig.pipeline, rig.loop);
  client.begin("POST", "/nowhere", {}, "1234");
  EXPECT_EQ(client.status(), 404);
  EXPECT_EQ(client.exchange.body_bytes_max, 0u);
  EXPECT_THAT(seen, ElementsAre("<a 404"));
}

TEST_F(Request_, TellsTheMethodsOfAPathItKnows) {
  acme.route("GET", "/x", ok());
  acme.route("PUT", "/x", ok());
  publish();
  const Client& other = rig.send("DELETE", "/x");
  EXPECT_EQ(other.status(), 405);
  EXPECT_EQ(other.header("allow"), "GET, HEAD, PUT, OPTIONS");
  EXPECT_THAT(other.body(), HasSubstr("METHOD_NOT_ALLOWED"));
  const Client& options = rig.send("OPTIONS", "/x");
  EXPECT_EQ(options.status(), 204);
  EXPECT_EQ(options.header("allow"), "GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(options.body(), "");
}

TEST_F(Request_, AnswersHeadByGet) {
  acme.route("GET", "/x", [&](gantry_handle exchange, const gantry_request& request) {
    seen.push_back(text(request.method));
    return rig.answer(exchange);
  });
  publish();
  EXPECT_EQ(rig.send("HEAD", "/x").status(), 200);
  EXPECT_THAT(seen, ElementsAre("HEAD"));
}

TEST_F(Request_, ShowsTheHandlerWhatWasAsked) {
  acme.route("GET", "/a/{id}/{n:int}", [&](gantry_handle exchange, const gantry_request& request) {
    seen = {text(request.path),      text(request.query),     text(request.route),
            text(request.params[0]), text(request.params[1]), text(request.headers[0].name),
            text(request.peer),      text(request.request_id)};
    EXPECT_EQ(request.size, sizeof(gantry_request));
    EXPECT_EQ(request.access, uint32_t{GANTRY_ACCESS_PUBLIC});
    return rig.answer(exchange);
  });
  publish();
  rig.send("GET", "/a/b%20c/7?q=1", {{"x-request-id", "mine"}});
  EXPECT_THAT(seen, ElementsAre("/a/b%20c/7", "q=1", "/a/{id}/{n:int}", "b c", "7", "x-request-id",
                                "127.0.0.1", "mine"));
}

TEST_F(Request_, EchoesAGoodRequestIdAndReplacesABadOne) {
  acme.route("GET", "/x", ok());
  publish();
  EXPECT_EQ(rig.send("GET", "/x", {{"x-request-id", "abc-123"}}).header("x-request-id"), "abc-123");
  const std::string made = rig.send("GET", "/x").header("x-request-id");
  EXPECT_EQ(made, "00000000-0000-7000-8000-000000000002");
  const std::string long_id(129, 'x');
  for (const std::string& bad :
       {std::string(""), std::string("a b"), std::string("\x7f"), long_id}) {
    EXPECT_EQ(rig.send("GET", "/x", {{"x-request-id", bad}}).header("x-request-id").size(), 36u);
  }
}

TEST_F(Request_, HasARequestIdAndTheDefaultChainAlsoWhenTheEdgeRefusesIt) {
  trace("a", "edge");
  publish();
  Client client(rig.pipeline, rig.loop);
  rig.pipeline.refuse(client.exchange, 431, "HEADERS_TOO_LARGE", "Too large.");
  EXPECT_EQ(client.exchange.response.status, 431);
  EXPECT_EQ(client.header("x-request-id").size(), 36u);
  EXPECT_THAT(client.body(), HasSubstr("HEADERS_TOO_LARGE"));
  EXPECT_THAT(seen, ElementsAre("<a 431"));
  client.end();
}

TEST_F(Request_, IsAnsweredServiceUnavailableBeforeTheFirstSnapshot) {
  EXPECT_EQ(rig.send("GET", "/x").status(), 503);
}

TEST_F(Request_, WithTooManyQueryParametersIsRefused) {
  acme.route("GET", "/x", ok());
  publish();
  std::string query = "/x?a";
  for (int i = 1; i < 100; ++i) query += "&a";
  EXPECT_EQ(rig.send("GET", query).status(), 200);
  EXPECT_EQ(rig.send("GET", query + "&a").status(), 400);
}

// --- bodies

TEST_F(Request_, HandsTheParsedBodyToTheHandler) {
  acme.route("POST", "/x",
             [&](gantry_handle exchange, const gantry_request& request) {
               EXPECT_EQ(base::json::integer(base::json::member(request.json, "n")), 7);
               return rig.answer(exchange);
             })
      .body_schema = R"({"type":"object","properties":{"n":{"type":"integer"}}})";
  publish();
  EXPECT_EQ(
      rig.send("POST", "/x", {{"content-type", "application/json; charset=utf-8"}}, "{\"n\":7}")
          .status(),
      200);
}

TEST_F(Request_, WithABodyThatBreaksTheSchemaTellsEveryFault) {
  acme.route("POST", "/x", ok()).body_schema =
      R"({"required":["a"],"additionalProperties":false,"properties":{"a":{}}})";
  publish();
  const Client& client =
      rig.send("POST", "/x", {{"content-type", "application/json"}}, "{\"b\":1}");
  EXPECT_EQ(client.status(), 422);
  EXPECT_THAT(client.body(), HasSubstr(R"("code":"VALIDATION_FAILED")"));
  EXPECT_THAT(client.body(), HasSubstr(R"({"pointer":"/b","code":"UNKNOWN_MEMBER")"));
  EXPECT_THAT(client.body(), HasSubstr(R"({"pointer":"/a","code":"REQUIRED")"));
  EXPECT_THAT(seen, SizeIs(0));
}

TEST_F(Request_, WithoutABodyIsTheEmptyObjectToTheSchema) {
  acme.route("POST", "/optional", ok()).body_schema = R"({"type":"object"})";
  acme.route("POST", "/demanding", ok()).body_schema = R"({"type":"object","required":["a"]})";
  publish();
  EXPECT_EQ(rig.send("POST", "/optional").status(), 200);
  const Client& client = rig.send("POST", "/demanding");
  EXPECT_EQ(client.status(), 422);
  EXPECT_THAT(client.body(), HasSubstr(R"({"pointer":"/a","code":"REQUIRED")"));
}

TEST_F(Request_, WithTextThatIsNotJsonTellsWhere) {
  acme.route("POST", "/x", ok()).body_schema = "{}";
  publish();
  const Client& client = rig.send("POST", "/x", {{"content-type", "application/json"}}, "{\"a\":}");
  EXPECT_EQ(client.status(), 400);
  EXPECT_THAT(client.body(), HasSubstr("MALFORMED_JSON"));
  EXPECT_THAT(client.body(), HasSubstr("at byte 5"));
}

TEST_F(Request_, WithAnotherContentTypeOrACompressedBodyIsRefusedAtTheHead) {
  acme.route("POST", "/x", ok()).body_schema = "{}";
  publish();
  EXPECT_EQ(rig.send("POST", "/x", {{"content-type", "text/plain"}}, "{}").status(), 415);
  EXPECT_EQ(rig.send("POST", "/x", {}, "{}").status(), 415);
  EXPECT_EQ(rig.send("POST", "/x",
                     {{"content-type", "application/json"}, {"content-encoding", "gzip"}}, "{}")
                .status(),
            415);
  EXPECT_THAT(seen, SizeIs(0));
}

TEST_F(Request_, WithoutASchemaMayHaveNoBodyOrAnEmptyObject) {
  acme.route("POST", "/x", ok());
  publish();
  EXPECT_EQ(rig.send("POST", "/x").status(), 200);
  EXPECT_EQ(rig.send("POST", "/x", {}, "{}").status(), 200);
  EXPECT_EQ(rig.send("POST", "/x", {}, " { } ").status(), 200);
  EXPECT_EQ(rig.send("POST", "/x", {}, "{\"a\":1}").status(), 422);
  EXPECT_EQ(rig.send("POST", "/x", {}, "[]").status(), 422);
}

TEST_F(Request_, MayHaveALargerBodyWhereTheRouteSaysSo) {
  acme.route("POST", "/x", ok()).body_bytes_max = 5'000'000;
  acme.route("POST", "/y", ok());
  publish();
  EXPECT_EQ(rig.send("POST", "/x").exchange.body_bytes_max, 5'000'000u);
  EXPECT_EQ(rig.send("POST", "/y").exchange.body_bytes_max, 1u << 20);
}

// --- headers and caching

TEST_F(Request_, RefusesHeadersThatWouldSplitTheAnswer) {
  acme.route("GET", "/x", [&](gantry_handle exchange, const gantry_request&) {
    EXPECT_EQ(rig.pipeline.header(exchange, "X-A", "1\r\nX-B: 2"), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.header(exchange, "X A", "1"), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.header(exchange, "", "1"), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.header(exchange, "Content-Length", "1"), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.header(exchange, "transfer-encoding", "chunked"), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.answer(exchange, 200, "text/plain\r\nX: 1", "a"), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.answer(exchange, 200, "", "a"), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.answer(exchange, 99, "", ""), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.problem(exchange, 400, "lower", "", "", ""), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.problem(exchange, 400, "A", "", "{\"a\":", ""), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.problem(exchange, 400, "A", "", "", "{}"), GANTRY_INVALID);
    EXPECT_EQ(rig.pipeline.header(exchange, "X-A", "1"), GANTRY_OK);
    return rig.answer(exchange);
  });
  publish();
  const Client& client = rig.send("GET", "/x");
  EXPECT_EQ(client.header("x-a"), "1");
  EXPECT_EQ(client.header("x-b"), "");
}

TEST_F(Request_, KeepsTheLastAnswerOnly) {
  acme.route("GET", "/x", [&](gantry_handle exchange, const gantry_request&) {
    rig.pipeline.problem(exchange, 404, "A", "", "", "");
    return rig.answer(exchange, "\"last\"", 201);
  });
  publish();
  const Client& client = rig.send("GET", "/x");
  EXPECT_EQ(client.status(), 201);
  EXPECT_EQ(client.body(), "\"last\"");
  EXPECT_EQ(client.header("content-type"), "application/json");
}

struct Match {
  std::string method, if_none_match;
  int status;
};
class Etag : public testing::TestWithParam<Match> {};

TEST_P(Etag, SavesTheBodyWhenTheClientHasIt) {
  Rig rig;
  Plugin acme;
  const auto handle = [&](gantry_handle exchange, const gantry_request&) {
    rig.pipeline.header(exchange, "ETag", "\"7\"");
    return rig.answer(exchange);
  };
  acme.route("GET", "/x", handle);
  acme.route("POST", "/x", handle);
  rig.publish({acme.contribution});
  const Client& client =
      rig.send(GetParam().method, "/x", {{"if-none-match", GetParam().if_none_match}});
  EXPECT_EQ(client.status(), GetParam().status);
  EXPECT_EQ(client.body().empty(), GetParam().status == 304);
  EXPECT_EQ(client.header("etag"), "\"7\"");
}

INSTANTIATE_TEST_SUITE_P(Lists, Etag,
                         testing::Values(Match{"GET", "\"7\"", 304}, Match{"HEAD", "\"7\"", 304},
                                         Match{"GET", "W/\"7\"", 304}, Match{"GET", "*", 304},
                                         Match{"GET", "\"a,b\", W/\"7\"", 304},
                                         Match{"GET", "\"8\"", 200}, Match{"GET", "7", 200},
                                         Match{"POST", "\"7\"", 200}));

// --- who is asking

TEST_F(Request_, ShowsThePrincipalToEverybodyAfterTheAuthnMiddleware) {
  chain = {"authenticate", "later"};
  acme.middleware("authenticate", "authn", [&](gantry_handle exchange, const gantry_request&) {
    EXPECT_EQ(rig.pipeline.principal(exchange, "user-1", "customer admin"), GANTRY_OK);
    return GANTRY_NEXT;
  });
  acme.middleware("later", "cache", [&](gantry_handle exchange, const gantry_request& request) {
    seen.push_back(text(request.user) + "/" + text(request.roles));
    EXPECT_EQ(rig.pipeline.principal(exchange, "mallory", "admin"), GANTRY_DENIED);
    return GANTRY_NEXT;
  });
  RouteSpec& route = acme.route("GET", "/x", [&](gantry_handle exchange, const gantry_request& r) {
    seen.push_back(text(r.user));
    EXPECT_EQ(rig.pipeline.principal(exchange, "mallory", "admin"), GANTRY_DENIED);
    return rig.answer(exchange);
  });
  route.access = GANTRY_ACCESS_SESSION;
  route.thread = GANTRY_ON_WORKER;
  publish();
  EXPECT_EQ(rig.send("GET", "/x").status(), 200);
  EXPECT_THAT(seen, ElementsAre("user-1/customer admin", "user-1"));
}

// --- plugins that misbehave

struct Wrong {
  uint32_t verdict;
  std::string what;
};
class Misbehaviour : public testing::TestWithParam<Wrong> {};

TEST_P(Misbehaviour, CostsOneRequestAndIsBlamed) {
  for (const uint32_t thread : {GANTRY_ON_LOOP, GANTRY_ON_WORKER}) {
    Rig rig;
    Plugin acme;
    acme.route("GET", "/x",
               [&](gantry_handle, const gantry_request&) { return GetParam().verdict; })
        .thread = thread;
    rig.publish({acme.contribution});
    const Client& client = rig.send("GET", "/x");
    EXPECT_EQ(client.status(), 500);
    EXPECT_THAT(client.body(), HasSubstr("\"code\":\"INTERNAL\""));
    EXPECT_EQ(acme.contribution.owner->failures, 1u);
    EXPECT_THAT(rig.logger.lines_of("error http.failed"),
                ElementsAre(HasSubstr("the handler of plugin acme " + GetParam().what)));
  }
}

INSTANTIATE_TEST_SUITE_P(Verdicts, Misbehaviour,
                         testing::Values(Wrong{GANTRY_DONE, "said DONE without an answer"},
                                         Wrong{GANTRY_NEXT, "returned an unknown verdict"},
                                         Wrong{GANTRY_WORKER, "returned an unknown verdict"},
                                         Wrong{77, "returned an unknown verdict"}));

// --- log lines and metrics

TEST_F(Request_, IsOneAccessLineWhereTheChainSaysSo) {
  chain = {"access_log"};
  acme.route("GET", "/a/{id}", ok());
  acme.route("GET", "/health/live", ok());
  publish();
  rig.send("GET", "/a/7").end();
  rig.send("GET", "/health/live").end();
  rig.send("GET", "/nowhere").end();
  const auto lines = rig.logger.lines_of("http.access");
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[0], HasSubstr("info http.access"));
  EXPECT_THAT(lines[0], HasSubstr("method=GET path=/a/{id} status=200"));
  EXPECT_THAT(lines[1], HasSubstr("debug http.access"));
  EXPECT_THAT(lines[2], HasSubstr("path=_unmatched status=404"));
}

TEST_F(Request_, IsCountedByMethodTemplateAndStatus) {
  acme.route("GET", "/a/{id}", ok());
  publish();
  rig.send("GET", "/a/7").end();
  rig.send("GET", "/a/8").end();
  rig.send("GET", "/b").end();
  Client& waiting = rig.send("GET", "/a/9");
  const std::string text = rig.metrics.text();
  EXPECT_THAT(text,
              HasSubstr(R"(http_requests_total{method="GET",path="/a/{id}",status="200"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(path="_unmatched",status="404"} 1)"));
  EXPECT_THAT(text, HasSubstr("http_requests_in_flight 1"));
  waiting.end();
  EXPECT_THAT(rig.metrics.text(), HasSubstr("http_requests_in_flight 0"));
}

}  // namespace
}  // namespace gantry::pipeline
