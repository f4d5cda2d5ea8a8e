// Problem documents: their exact text.
#include "core/pipeline/problem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/pipeline/rig.hpp"

namespace gantry::pipeline {
namespace {

TEST(ProblemText, HasTheMembersOfTheContractInOrder) {
  EXPECT_EQ(problem_text({409, "SEAT_TAKEN", "Seat A-1 is \"taken\".", "/api/reservations", "r-1",
                          R"({"seat":"A-1"})", ""}),
            R"({"type":"/docs/errors/seat_taken","title":"Seat taken","status":409,)"
            R"("code":"SEAT_TAKEN","detail":"Seat A-1 is \"taken\".",)"
            R"("instance":"/api/reservations","request_id":"r-1","params":{"seat":"A-1"}})");
}

TEST(ProblemText, HasErrorsOnlyForValidation) {
  EXPECT_EQ(problem_text({422, "VALIDATION_FAILED", "No.", "/a", "r", "",
                          errors_text({{"/x/0", "REQUIRED", "Must be present."}})}),
            R"({"type":"/docs/errors/validation_failed","title":"Validation failed","status":422,)"
            R"("code":"VALIDATION_FAILED","detail":"No.","instance":"/a","request_id":"r",)"
            R"("params":{},"errors":[{"pointer":"/x/0","code":"REQUIRED",)"
            R"("detail":"Must be present."}]})");
}

TEST(ProblemText, StaysUtf8WhateverThePathWas) {
  EXPECT_THAT(problem_text({404, "NOT_FOUND", "", "/\xff", "r", "", ""}),
              testing::HasSubstr("\"instance\":\"/\xEF\xBF\xBD\""));
}

struct Failure {
  gantry_rc rc;
  int status;
  std::string code;
  bool shows_why;
  bool retry_after;
};
class Fail : public testing::TestWithParam<Failure> {};

TEST_P(Fail, MapsACodeToAnAnswer) {
  const Failure& expected = GetParam();
  Rig rig;
  Plugin acme;
  acme.route("GET", "/a", [&](gantry_handle exchange, const gantry_request&) {
    EXPECT_EQ(rig.pipeline.fail(exchange, expected.rc, "the secret reason"), GANTRY_OK);
    return GANTRY_DONE;
  });
  rig.publish({acme.contribution});
  const Client& client = rig.send("GET", "/a");
  EXPECT_EQ(client.status(), expected.status);
  EXPECT_THAT(client.body(), testing::HasSubstr("\"code\":\"" + expected.code + "\""));
  EXPECT_EQ(client.body().find("the secret reason") != std::string::npos, expected.shows_why);
  EXPECT_EQ(client.header("retry-after"), expected.retry_after ? "1" : "");
  EXPECT_EQ(client.header("content-type"), "application/problem+json");
  EXPECT_EQ(client.header("cache-control"), "no-store");
  EXPECT_EQ(rig.logger.lines_of("error http.failed: the secret reason").size(),
            expected.status >= 500 ? 1u : 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Fail,
    testing::Values(Failure{GANTRY_INVALID, 400, "BAD_REQUEST", true, false},
                    Failure{GANTRY_NOT_FOUND, 404, "NOT_FOUND", true, false},
                    Failure{GANTRY_CONFLICT, 409, "VERSION_CONFLICT", false, false},
                    Failure{GANTRY_UNAVAILABLE, 503, "SERVICE_UNAVAILABLE", false, true},
                    Failure{GANTRY_DEADLINE, 504, "TIMEOUT", false, false},
                    Failure{GANTRY_EXHAUSTED, 503, "OVERLOADED", false, true},
                    Failure{GANTRY_DENIED, 500, "INTERNAL", false, false},
                    Failure{GANTRY_STALE, 500, "INTERNAL", false, false},
                    Failure{GANTRY_INTERNAL, 500, "INTERNAL", false, false},
                    Failure{77, 500, "INTERNAL", false, false}));

}  // namespace
}  // namespace gantry::pipeline
