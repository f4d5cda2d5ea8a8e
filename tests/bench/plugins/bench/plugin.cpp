// GET /bench/bare and /bench/public answer the same small JSON from the event loop, in an empty
// chain and in the public one; POST /bench/append appends one event and answers when it is durable.
#include "gantry/plugin.hpp"

namespace {

using namespace gantry;

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
  }

 private:
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
