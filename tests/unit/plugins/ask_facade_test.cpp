// Context::ask: a handler on an event loop that answers with what a statement finds.
#include "core/plugins/context.hpp"
#include "gantry/plugin.hpp"
#include "tests/unit/plugins/fakes.hpp"
#include "tests/unit/plugins/loop_thread.hpp"

namespace gantry::plugins {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Keeps what is said about the one exchange.
class Said final : public FakeExchanges {
 public:
  gantry_rc header(gantry_handle, std::string_view name, std::string_view value) override {
    lines.push_back(join("header ", name, "=", value));
    return GANTRY_OK;
  }
  gantry_rc answer(gantry_handle, uint32_t status, std::string_view,
                   std::string_view body) override {
    lines.push_back(join("answer ", status, " ", body));
    return GANTRY_OK;
  }
  gantry_rc problem(gantry_handle, uint32_t status, std::string_view code, std::string_view,
                    std::string_view, std::string_view) override {
    lines.push_back(join("problem ", status, " ", code));
    return GANTRY_OK;
  }
  gantry_rc fail(gantry_handle, gantry_rc rc, std::string_view why) override {
    lines.push_back(join("fail ", rc, " ", why));
    return GANTRY_OK;
  }
  gantry_rc resume(gantry_handle, uint32_t verdict) override {
    lines.push_back(join("resume ", verdict));
    return GANTRY_OK;
  }
  std::vector<std::string> lines;
};

Manifest asking() {
  Manifest manifest;
  manifest.id = "acme";
  for (const auto id : {GANTRY_SQL_ID, GANTRY_HTTP_ID, GANTRY_JSON_ID})
    manifest.needs.push_back({id, 0});
  return manifest;
}

class AskingHandler : public testing::Test {
 protected:
  AskingHandler()
      : held_(bench_.clock, *bench_.projections),
        ports_{.host_version = "0.1.0",
               .clock = bench_.clock,
               .ids = bench_.ids,
               .logger = bench_.log,
               .metrics = bench_.metrics,
               .log = bench_.events,
               .log_limits = {},
               .event_types = bench_.event_types,
               .exchanges = said_,
               .databases = {},
               .kv = bench_.kv,
               .health = bench_.health,
               .services = bench_.services,
               .json = {},
               .bounds = {},
               .askers = &held_.askers} {
    bench_.projections->writer()->script(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT;"
        "INSERT INTO t VALUES (1, 'one'), (2, 'two')");
  }
  // Calls the handler on the loop; what it said to the host.
  uint32_t call(RouteHandler handler) {
    route_ = std::make_unique<detail::Route>(host_, std::move(handler));
    uint32_t verdict = 0;
    gantry_request request{};
    request.size = sizeof request;
    held_.loop.run([&] { verdict = detail::Route::call(route_.get(), 1, &request); });
    return verdict;
  }
  const std::vector<std::string>& lines() {
    held_.release();
    return said_.lines;
  }

  Bench bench_;
  Said said_;
  HeldAskers held_;
  Ports ports_;
  SeriesTable series_{"acme", bench_.metrics, 4};
  plugins::Context context_{ports_, asking(), "{}", series_};
  Host host_{context_.host()};
  std::unique_ptr<detail::Route> route_;
};

constexpr std::string_view kById = "SELECT id, a FROM t WHERE id = ?";

RouteHandler show(int id) {
  return [id](gantry::Context& context, const Request&) {
    return context.ask("projections", kById, {id}, [](const SqlRows& rows) {
      if (rows.empty()) throw Problem(404, "NO_SUCH_THING", "there is none");
      return Response::ok(std::string(rows[0].text(1))).etag(rows[0].integer(0));
    });
  };
}

TEST_F(AskingHandler, AnswersWithWhatIsFound) {
  EXPECT_EQ(call(show(2)), GANTRY_PENDING);
  EXPECT_THAT(said_.lines, IsEmpty());
  EXPECT_THAT(lines(), ElementsAre("answer 200 two", "header ETag=\"2\"", "resume 1"));
}

TEST_F(AskingHandler, AnswersWithTheProblemThatIsThrown) {
  EXPECT_EQ(call(show(3)), GANTRY_PENDING);
  EXPECT_THAT(lines(), ElementsAre("problem 404 NO_SUCH_THING", "resume 1"));
}

TEST_F(AskingHandler, FailsForWhatElseIsThrown) {
  call([](gantry::Context& context, const Request&) {
    return context.ask("projections", kById, {1}, [](const SqlRows& rows) {
      return Response::ok(std::string(rows[7].text(0)));
    });
  });
  EXPECT_THAT(lines(), ElementsAre("fail 9 no such row", "resume 1"));
}

TEST_F(AskingHandler, AWrongStatementIsNotTheClientsFault) {
  call([](gantry::Context& context, const Request&) {
    return context.ask("projections", "SELECT nonsense", {},
                       [](const SqlRows&) { return Response::ok("{}"); });
  });
  ASSERT_EQ(lines().size(), 2u);
  EXPECT_THAT(said_.lines[0], HasSubstr("fail 9 prepare: no such column: nonsense"));
}

TEST_F(AskingHandler, MayAskAgainWithWhatItHasFound) {
  call([](gantry::Context& context, const Request&) {
    return context.ask("projections", kById, {1}, [](const SqlRows& rows, const Asking& asking) {
      const std::string first(rows[0].text(1));
      return asking.ask("projections", kById, {2}, [first](const SqlRows& more) {
        return Response::ok(join(first, " ", more[0].text(1)));
      });
    });
  });
  held_.release();
  EXPECT_THAT(said_.lines, IsEmpty());
  EXPECT_THAT(lines(), ElementsAre("answer 200 one two", "resume 1"));
}

TEST_F(AskingHandler, IsRefusedOnAWorkerAndWhenTooManyAreOutstanding) {
  held_.queue_max = 0;
  EXPECT_EQ(call(show(1)), GANTRY_DONE);
  EXPECT_THAT(said_.lines, ElementsAre("fail 6 the queue of the workers is full"));
  said_.lines.clear();
  gantry_request request{};
  EXPECT_EQ(detail::Route::call(route_.get(), 1, &request), GANTRY_DONE);
  EXPECT_THAT(said_.lines, ElementsAre("fail 7 ask is for event loops; use query on a worker"));
}

}  // namespace
}  // namespace gantry::plugins
