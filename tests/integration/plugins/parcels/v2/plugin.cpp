// parcels, changed: weights in grams. What was sent before is in the log in kilograms for ever. See
// docs/howto/change_an_event.md.
#include <atomic>

#include "gantry/plugin.hpp"

namespace {

using namespace gantry;

// docs: old schema
constexpr std::string_view kSent1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["to", "weight_kg"],
  "properties": {
    "to": {"type": "string", "minLength": 1},
    "weight_kg": {"type": "integer", "minimum": 1}
  }
})json";
// docs end

// docs: new version
constexpr std::string_view kSent2 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["to", "weight_g"],
  "properties": {
    "to": {"type": "string", "minLength": 1},
    "weight_g": {"type": "integer", "minimum": 1}
  }
})json";

std::string sent2_from_1(Json old) {
  JsonWriter data;
  data.object()
      .field("to", old["to"].text())
      .field("weight_g", 1000 * old["weight_kg"].integer())
      .end();
  return std::move(data).text();
}

constexpr EventType kEvents[] = {
    {"parcels.sent.v1", kSent1},
    {"parcels.sent.v2", kSent2, sent2_from_1},
};
// docs end

// docs: append
NewEvent sent(std::string_view to, int64_t weight_g) {
  JsonWriter data;
  data.object().field("to", to).field("weight_g", weight_g).end();
  return {"parcels.sent.v2", std::move(data).text()};
}
// docs end

constexpr std::string_view kParcel = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["to", "weight_g"],
  "properties": {
    "to": {"type": "string"},
    "weight_g": {"type": "integer"}
  }
})json";

class Parcels final : public Plugin {
 public:
  explicit Parcels(Host& host) : Plugin(host) {}

  void prepare(Plan& plan) override {
    plan.events(kEvents);
    plan.subscribe("parcels.weigh", {"parcel-*"}, [this](const StoredEvent& e) { weigh(e); });
    plan.route("POST", "/parcels/{name}",
               [](Context& context, const Request& request) {
                 return context.transact([&](Unit& unit) {
                   const Json body = request.json();
                   const NewEvent event = sent(body["to"].text(), body["weight_g"].integer());
                   unit.append(join("parcel-", request.param(0)), GANTRY_ANY, {&event, 1});
                   return Response::ok("{}");
                 });
               },
               {.access = Access::kPublic, .body = kParcel});
    plan.route("GET", "/parcels/{name}",
               [this](Context&, const Request& request) { return show(request.param(0)); },
               {.access = Access::kPublic});
    plan.route("GET", "/parcels",
               [this](Context&, const Request&) {
                 JsonWriter json;
                 json.object().field("weighed_g", weighed_g_.load()).end();
                 return Response::ok(std::move(json).text());
               },
               {.access = Access::kPublic, .runs = Runs::kOnLoop});
  }

 private:
  // docs: read
  // Parcels that were sent in kilograms come here, too, and look like all others.
  void weigh(const StoredEvent& event) {
    if (event.type() != "parcels.sent.v2") return;
    const JsonDocument data(host().json(), event.data());
    weighed_g_ += data["weight_g"].integer();
  }
  // docs end

  // Types and data of the parcel's events, as they are read.
  Response show(std::string_view name) {
    JsonWriter json;
    json.object().array("events");
    read_stream(host(), join("parcel-", name), 0, [&](const StoredEvent& event) {
      json.object().field("type", event.type()).raw("data", event.data()).end();
    });
    return Response::ok(std::move(json.end().end()).text());
  }

  std::atomic<int64_t> weighed_g_{0};  // since it was started: enough for an example
};

}  // namespace

GANTRY_PLUGIN(Parcels)
