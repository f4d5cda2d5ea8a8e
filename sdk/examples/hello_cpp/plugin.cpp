// hello_cpp: GET /hello?name=… greets; POST /hello/{name} greets for ever, by appending to the
// event log; GET /hello/{name} says how often that was. Ordinary C++: what a handler throws costs
// one request.
#include "gantry/plugin.hpp"

namespace {

using namespace gantry;

constexpr EventType kEvents[] = {
    {"hello_cpp.greeted.v1", R"json({
      "type": "object",
      "additionalProperties": false,
      "required": ["greeting", "at"],
      "properties": {
        "greeting": {"type": "string"},
        "at": {"type": "string", "format": "date-time"}
      }
    })json"},
};

class Hello final : public Plugin {
 public:
  explicit Hello(Host& host) : Plugin(host) {}

  void prepare(Plan& plan) override {
    plan.events(kEvents);
    plan.route("GET", "/hello", [this](Context&, const Request& request) { return greet(request); },
               {.access = Access::kPublic, .runs = Runs::kOnLoop, .summary = "Greets"});
    plan.route(
        "POST", "/hello/{name}",
        [this](Context& context, const Request& request) { return remember(context, request); },
        {.access = Access::kPublic, .summary = "Greets and remembers"});
    plan.route("GET", "/hello/{name}",
               [this](Context&, const Request& request) { return count(request); },
               {.access = Access::kPublic, .summary = "How often somebody was greeted"});
  }

  void start() override { greeting_ = host().config()["greeting"].text(); }

 private:
  // [io] runs on an event loop: must not block.
  Response greet(const Request& request) const {
    JsonWriter json;
    json.object()
        .field("message", join(greeting_, ", ", request.query("name").value_or("world")))
        .end();
    return Response::ok(std::move(json).text());
  }

  // [worker] may block on the log. The unit is committed by transact(), with the answer or not at
  // all.
  Response remember(Context& context, const Request& request) const {
    const std::string stream = join("hello-", request.param(0));
    return context.transact([&](Unit& unit) {
      JsonWriter event;
      event.object().field("greeting", greeting_).field("at", context.now()).end();
      const NewEvent greeted{"hello_cpp.greeted.v1", std::move(event).text()};
      unit.append(stream, GANTRY_ANY, {&greeted, 1});
      return Response::ok(R"({"remembered":true})");
    });
  }

  // [worker]
  Response count(const Request& request) const {
    int64_t times = 0;
    read_stream(host(), join("hello-", request.param(0)), 0, [&](const StoredEvent&) { ++times; });
    JsonWriter json;
    json.object().field("name", request.param(0)).field("times", times).end();
    return Response::ok(std::move(json).text());
  }

  std::string greeting_;
};

}  // namespace

GANTRY_PLUGIN(Hello)
