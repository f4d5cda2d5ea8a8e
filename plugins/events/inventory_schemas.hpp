// JSON Schemas of the events of an inventory, every version that was ever appended. A released one
// never changes: tests/golden and the server refuse that. A change of an event is a new version,
// see docs/howto/change_an_event.md.
#pragma once
#include <string_view>

#include "gantry/plan.hpp"

namespace gantry::events {

namespace schema {

inline constexpr std::string_view kInventoryOpened1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["kind", "capacity"],
  "properties": {
    "kind": {"enum": ["general_admission", "numbered"]},
    "capacity": {"type": "integer", "minimum": 1},
    "rows": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["row", "seats"],
        "properties": {
          "row": {"type": "string", "minLength": 1},
          "seats": {"type": "integer", "minimum": 1}
        }
      }
    }
  }
})json";

inline constexpr std::string_view kInventoryHeld1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["reservation_id", "quantity", "at", "until"],
  "properties": {
    "reservation_id": {"type": "string", "format": "uuid"},
    "quantity": {"type": "integer", "minimum": 1},
    "seats": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
    "at": {"type": "string", "format": "date-time"},
    "until": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kInventoryExtended1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["reservation_id", "until"],
  "properties": {
    "reservation_id": {"type": "string", "format": "uuid"},
    "until": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kInventoryConfirmed1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["reservation_id", "quantity", "at"],
  "properties": {
    "reservation_id": {"type": "string", "format": "uuid"},
    "quantity": {"type": "integer", "minimum": 1},
    "seats": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
    "at": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kInventoryReleased1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["reservation_id", "from", "cause", "quantity", "at"],
  "properties": {
    "reservation_id": {"type": "string", "format": "uuid"},
    "from": {"enum": ["held", "sold"]},
    "cause": {"enum": ["expired", "cancelled", "failed", "refunded"]},
    "quantity": {"type": "integer", "minimum": 1},
    "seats": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
    "at": {"type": "string", "format": "date-time"}
  }
})json";

}  // namespace schema

inline constexpr EventType kInventoryEvents[] = {
    {"events.inventory_opened.v1", schema::kInventoryOpened1},
    {"events.inventory_held.v1", schema::kInventoryHeld1},
    {"events.inventory_extended.v1", schema::kInventoryExtended1},
    {"events.inventory_confirmed.v1", schema::kInventoryConfirmed1},
    {"events.inventory_released.v1", schema::kInventoryReleased1},
};

}  // namespace gantry::events
