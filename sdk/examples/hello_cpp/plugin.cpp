// hello_cpp: GET /hello?name=… greets; POST /hello/{name} greets for ever, by appending to the
// event log; GET /hello/{name} says how often that was. Ordinary C++: what a handler throws costs
// one request.
#include "gantry/plugin.hpp"

#include "greetings.hpp"

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

  // [worker] Parse, execute, answer. The answer is released when the event is durable; no thread
  // waits for that.
  Response remember(Context& context, const Request& request) const {
    const auto done =
        context.execute<Greetings>(request.param(0), Greetings::Greet{greeting_, context.now()});
    Response response = Response::ok(R"({"remembered":true})");
    return response.etag(done.version);
  }

  // [worker] may block on the log.
  Response count(const Request& request) const {
    const auto greetings = host().aggregates<Greetings>().load(request.param(0));
    JsonWriter json;
    json.object().field("name", request.param(0)).field("times", greetings.state->times).end();
    return Response::ok(std::move(json).text());
  }

  std::string greeting_;
};

}  // namespace

GANTRY_PLUGIN(Hello)
