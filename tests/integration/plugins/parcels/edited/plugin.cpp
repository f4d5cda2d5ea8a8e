// parcels by somebody who edited the released schema of version 1 instead of adding version 2: the
// server refuses it, because the log is full of events that are not like this.
#include "gantry/plugin.hpp"

namespace {

using namespace gantry;

class Parcels final : public Plugin {
 public:
  explicit Parcels(Host& host) : Plugin(host) {}
  void prepare(Plan& plan) override {
    plan.event("parcels.sent.v1", R"json({
      "type": "object",
      "additionalProperties": false,
      "required": ["to", "weight_g"],
      "properties": {"to": {"type": "string"}, "weight_g": {"type": "integer"}}
    })json");
  }
};

}  // namespace

GANTRY_PLUGIN(Parcels)
