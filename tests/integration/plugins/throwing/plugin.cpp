// Throws from every function that the host calls: values that are no exception type among them.
#include <stdexcept>

#include "gantry/plugin.hpp"

namespace {

using namespace gantry;

struct NotAnException {};

class Throwing final : public Plugin {
 public:
  explicit Throwing(Host& host) : Plugin(host), where_(host.config()["in"].text()) {
    at("constructor");
  }

  void prepare(Plan& plan) override {
    at("prepare");
    const RouteOptions on_loop{
        .access = Access::kPublic, .runs = Runs::kOnLoop, .chain = "throwing_plain"};
    const RouteOptions on_worker{.access = Access::kPublic, .chain = "throwing_plain"};
    plan.route(
        "GET", "/throwing/loop",
        [](Context&, const Request&) -> Response { throw NotAnException{}; }, on_loop);
    plan.route(
        "GET", "/throwing/worker",
        [](Context&, const Request&) -> Response { throw std::runtime_error("secret detail"); },
        on_worker);
    plan.route(
        "GET", "/throwing/error",
        [](Context&, const Request&) -> Response {
          throw Error(Code::kUnavailable, "the sea is closed");
        },
        on_worker);
    plan.route(
        "GET", "/throwing/dropped",
        [](Context& context, const Request&) -> Response {
          const Pending forgotten = context.defer();
          return Response::later();
        },
        on_loop);
    plan.route("GET", "/throwing/before", &fine,
               {.access = Access::kPublic, .chain = "throwing_before"});
    plan.route("GET", "/throwing/after", &fine,
               {.access = Access::kPublic, .chain = "throwing_after"});
    plan.route("GET", "/throwing/fine", &fine, on_loop);
    plan.event("throwing.thrown.v1", R"({"type":"object"})");
    plan.route(
        "POST", "/throwing/event",
        [](Context& context, const Request&) {
          return context.transact([](Unit& unit) {
            const NewEvent thrown{"throwing.thrown.v1", "{}"};
            unit.append("throwing-1", GANTRY_ANY, {&thrown, 1});
            return Response::ok("{}");
          });
        },
        on_worker);
    plan.middleware("throws_before", "audit",
                    [](const Passage&, const Request&) -> Verdict { throw NotAnException{}; });
    plan.middleware("throws_after", "audit", {},
                    [](const Passage&, const Request&) { throw std::logic_error("after"); });
    plan.subscribe("throwing.process", {"throwing-*"},
                   [](const StoredEvent&) { throw NotAnException{}; });
    plan.projection("throwing.view", 1, "projections", {"throwing-*"},
                    [](const StoredEvent&, const Rows&) { throw std::bad_alloc(); });
    plan.health("throwing", false, 1000, [] { throw NotAnException{}; });
  }
  void start() override { at("start"); }
  void stop() override { at("stop"); }

 private:
  static Response fine(Context&, const Request&) { return Response::ok(R"({"fine":true})"); }
  void at(std::string_view place) const {
    if (where_ == place) throw std::runtime_error(join("thrown in ", place));
  }
  std::string where_;
};

}  // namespace

GANTRY_PLUGIN(Throwing)
