// JSON Schemas of the answers of this plugin's routes.
#pragma once
#include <string_view>

namespace gantry::payments_simulator::schema {

constexpr std::string_view kLedger = R"json({
  "type": "object", "additionalProperties": false, "required": ["entries", "totals"],
  "properties": {
    "entries": {"type": "array", "items": {"type": "object", "additionalProperties": false,
      "required": ["key", "kind", "amount", "currency", "outcome", "reference", "at"],
      "properties": {
        "key": {"type": "string"},
        "kind": {"enum": ["authorize", "capture", "cancel", "refund"]},
        "amount": {"type": "integer"}, "currency": {"type": "string"},
        "outcome": {"enum": ["authorized", "captured", "voided", "refunded", "declined"]},
        "reference": {"type": "string"}, "at": {"type": "string", "format": "date-time"}}}},
    "totals": {"type": "array", "items": {"type": "object", "additionalProperties": false,
      "required": ["currency", "authorized", "captured", "refunded", "net"],
      "properties": {
        "currency": {"type": "string"}, "authorized": {"type": "integer"},
        "captured": {"type": "integer"}, "refunded": {"type": "integer"}, "net": {"type": "integer"}}}}}
})json";

}  // namespace gantry::payments_simulator::schema
