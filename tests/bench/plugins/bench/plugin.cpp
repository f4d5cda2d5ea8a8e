// GET /bench/bare and /bench/public answer the same small JSON from the event loop, in an empty
// chain and in the public one; POST /bench/append appends one event and answers when it is durable.
// POST /bench/tallies/{id}/fill appends 1,000 events to a tally, POST /bench/tallies/{id} decides
// on it, GET /bench/tallies/{id} loads it and says how long that took.
#include "gantry/plugin.hpp"

#include "tally.hpp"

namespace {

using namespace gantry;
using bench::Tally;

class Bench final : public Plugin {
 public:
  explicit Bench(Host& host) : Plugin(host) {}

  void prepare(Plan& plan) override {
    const auto small = [](Context&, const Request&) {
      return Response::ok(R"({"message":"hello, world"})");
    };
    plan.route("GET", "/bench/bare", small,
               {.access = Access::kPublic, .runs = Runs::kOnLoop, .chain = "bare"});
    plan.route("GET", "/bench/public", small, {.access = Access::kPublic, .runs = Runs::kOnLoop});
    plan.event("bench.appended.v1",
               R"({"type":"object","required":["text"],"properties":{"text":{"type":"string"}}})");
    plan.route("POST", "/bench/append",
               [](Context& context, const Request&) { return append(context); },
               {.access = Access::kPublic, .runs = Runs::kOnLoop, .chain = "bare"});
    tallies(plan);
  }

 private:
  static constexpr int kFill = 1000;

  void tallies(Plan& plan) {
    plan.event(
        Tally::kAdded,
        R"({"type":"object","required":["amount"],"properties":{"amount":{"type":"integer"},)"
        R"("by":{"type":"string"},"note":{"type":"string"}}})");
    const auto route = [&](std::string_view method, std::string_view pattern,
                           RouteHandler handler) {
      plan.route(method, pattern, std::move(handler), {.access = Access::kPublic, .chain = "bare"});
    };
    route("POST", "/bench/tallies/{id}/fill", [](Context& context, const Request& request) {
      const std::vector<NewEvent> events(kFill, Tally::encode({1}));
      return context.transact([&](Unit& unit) {
        unit.append(Repository<Tally>::stream_of(request.param(0)), GANTRY_ANY, events);
        return Response::ok("{}");
      });
    });
    route("POST", "/bench/tallies/{id}", [](Context& context, const Request& request) {
      const auto tally = context.execute<Tally>(request.param(0), {1});
      return Response::ok(join(R"({"sum":)", tally.state->sum, "}"));
    });
    route("GET", "/bench/tallies/{id}", [this](Context&, const Request& request) {
      const int64_t began = host().monotonic_ns();
      const auto tally = host().aggregates<Tally>().load(request.param(0));
      return Response::ok(join(R"({"version":)", tally.version, R"(,"sum":)", tally.state->sum,
                               R"(,"took_us":)", (host().monotonic_ns() - began) / 1000, "}"));
    });
  }

  static Response append(Context& context) {
    const std::string stream = join("bench-", context.new_id().text());
    return context.transact([&](Unit& unit) {
      const NewEvent event{"bench.appended.v1", R"({"text":"one small fact"})"};
      unit.append(stream, GANTRY_ABSENT, {&event, 1});
      return Response::ok("{}");
    });
  }
};

}  // namespace

GANTRY_PLUGIN(Bench)
