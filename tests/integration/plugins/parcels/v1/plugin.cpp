// parcels, as it was released first: weights in whole kilograms. See
// docs/howto/change_an_event.md.
#include "gantry/plugin.hpp"

namespace {

using namespace gantry;

// docs: declare
constexpr std::string_view kSent1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["to", "weight_kg"],
  "properties": {
    "to": {"type": "string", "minLength": 1},
    "weight_kg": {"type": "integer", "minimum": 1}
  }
})json";

constexpr EventType kEvents[] = {
    {"parcels.sent.v1", kSent1},
};
// docs end

constexpr std::string_view kParcel = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["to", "weight_kg"],
  "properties": {
    "to": {"type": "string"},
    "weight_kg": {"type": "integer"}
  }
})json";

NewEvent sent(std::string_view to, int64_t weight_kg) {
  JsonWriter data;
  data.object().field("to", to).field("weight_kg", weight_kg).end();
  return {"parcels.sent.v1", std::move(data).text()};
}

class Parcels final : public Plugin {
 public:
  explicit Parcels(Host& host) : Plugin(host) {}

  void prepare(Plan& plan) override {
    // docs: plan
    plan.events(kEvents);
    // docs end
    plan.route("POST", "/parcels/{name}",
               [](Context& context, const Request& request) {
                 return context.transact([&](Unit& unit) {
                   const Json body = request.json();
                   const NewEvent event = sent(body["to"].text(), body["weight_kg"].integer());
                   unit.append(join("parcel-", request.param(0)), GANTRY_ANY, {&event, 1});
                   return Response::ok("{}");
                 });
               },
               {.access = Access::kPublic, .body = kParcel});
  }
};

}  // namespace

GANTRY_PLUGIN(Parcels)
