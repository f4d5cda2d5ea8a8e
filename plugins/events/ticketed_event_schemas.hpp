// JSON Schemas of the events of the event aggregate, every version that was ever appended. A
// released one never changes: tests/golden and the server refuse that. A change of an event is a
// new version, see docs/howto/change_an_event.md.
#pragma once
#include <string_view>

#include "gantry/plan.hpp"

namespace gantry::events {

namespace schema {

inline constexpr std::string_view kCreated1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["event_id", "owner_id", "details", "at"],
  "properties": {
    "event_id": {"type": "string", "format": "uuid"},
    "owner_id": {"type": "string", "minLength": 1},
    "details": {
      "type": "object",
      "additionalProperties": false,
      "required": ["title", "description", "starts_at", "ends_at", "timezone", "venue", "currency",
       "sections", "price_tiers", "policies"],
      "properties": {
        "title": {"type": "string", "minLength": 1},
        "description": {"type": "string"},
        "starts_at": {"type": "string", "format": "date-time"},
        "ends_at": {"type": "string", "format": "date-time"},
        "timezone": {"type": "string", "minLength": 1},
        "venue": {
          "type": "object",
          "additionalProperties": false,
          "required": ["name", "address"],
          "properties": {"name": {"type": "string", "minLength": 1}, "address": {"type": "string"}}
        },
        "currency": {"type": "string", "minLength": 3, "maxLength": 3},
        "sections": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/section"}},
        "price_tiers": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/price_tier"}},
        "policies": {"$ref": "#/$defs/policies"}
      }
    },
    "at": {"type": "string", "format": "date-time"}
  },
  "$defs": {
    "section": {
      "type": "object",
      "additionalProperties": false,
      "required": ["name", "kind", "capacity"],
      "properties": {
        "name": {"type": "string", "minLength": 1},
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
    },
    "price_tier": {
      "type": "object",
      "additionalProperties": false,
      "required": ["name", "section", "price"],
      "properties": {
        "name": {"type": "string", "minLength": 1},
        "section": {"type": "string", "minLength": 1},
        "price": {"$ref": "#/$defs/money"},
        "available_from": {"type": "string", "format": "date-time"},
        "available_until": {"type": "string", "format": "date-time"}
      }
    },
    "policies": {
      "type": "object",
      "additionalProperties": false,
      "required": ["hold_seconds", "max_tickets_per_reservation", "refund_rules",
       "payment_attempts_max", "time_based_pricing"],
      "properties": {
        "hold_seconds": {"type": "integer", "minimum": 1},
        "max_tickets_per_reservation": {"type": "integer", "minimum": 1},
        "refund_rules": {"type": "array", "items": {"$ref": "#/$defs/refund_rule"}},
        "payment_attempts_max": {"type": "integer", "minimum": 1},
        "time_based_pricing": {"type": "boolean"}
      }
    },
    "money": {
      "type": "object",
      "additionalProperties": false,
      "required": ["amount", "currency"],
      "properties": {
        "amount": {"type": "integer", "minimum": 0},
        "currency": {"type": "string", "minLength": 3, "maxLength": 3}
      }
    },
    "refund_rule": {
      "type": "object",
      "additionalProperties": false,
      "required": ["min_days_before", "percent"],
      "properties": {
        "min_days_before": {"type": "integer", "minimum": 0},
        "percent": {"type": "integer", "minimum": 0, "maximum": 100}
      }
    }
  }
})json";

inline constexpr std::string_view kPublished1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["at"],
  "properties": {"at": {"type": "string", "format": "date-time"}}
})json";

inline constexpr std::string_view kSalesOpened1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["at"],
  "properties": {"at": {"type": "string", "format": "date-time"}}
})json";

inline constexpr std::string_view kSalesClosed1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["at"],
  "properties": {"at": {"type": "string", "format": "date-time"}}
})json";

}  // namespace schema

inline constexpr EventType kTicketedEvents[] = {
    {"events.created.v1", schema::kCreated1},
    {"events.published.v1", schema::kPublished1},
    {"events.sales_opened.v1", schema::kSalesOpened1},
    {"events.sales_closed.v1", schema::kSalesClosed1},
};

}  // namespace gantry::events
