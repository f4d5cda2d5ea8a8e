// JSON Schemas of the events of a reservation, every version that was ever appended. A released one
// never changes: tests/golden and the server refuse that. A change of an event is a new version,
// see docs/howto/change_an_event.md.
#pragma once
#include <string_view>

#include "gantry/plan.hpp"

namespace gantry::reservations {

namespace schema {

inline constexpr std::string_view kHeld1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["event_id", "title", "owner_id", "starts_at", "customer_id", "lines", "total",
   "expires_at", "payment_attempts_max", "refund_rules", "at"],
  "properties": {
    "event_id": {"type": "string", "format": "uuid"},
    "title": {"type": "string", "minLength": 1},
    "owner_id": {"type": "string", "minLength": 1},
    "starts_at": {"type": "string", "format": "date-time"},
    "customer_id": {"type": "string", "minLength": 1},
    "lines": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["section", "seat", "tier", "unit_price"],
        "properties": {
          "section": {"type": "string", "minLength": 1},
          "seat": {"type": ["string", "null"], "minLength": 1},
          "tier": {"type": "string", "minLength": 1},
          "unit_price": {"$ref": "#/$defs/money"}
        }
      }
    },
    "total": {"$ref": "#/$defs/money"},
    "expires_at": {"type": "string", "format": "date-time"},
    "payment_attempts_max": {"type": "integer", "minimum": 1},
    "refund_rules": {"type": "array", "items": {"$ref": "#/$defs/refund_rule"}},
    "at": {"type": "string", "format": "date-time"}
  },
  "$defs": {
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

inline constexpr std::string_view kPaymentStarted1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["payment_id", "at"],
  "properties": {
    "payment_id": {"type": "string", "format": "uuid"},
    "at": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kHoldExtended1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["expires_at"],
  "properties": {"expires_at": {"type": "string", "format": "date-time"}}
})json";

inline constexpr std::string_view kPaymentDeclined1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["payment_id", "attempts_left", "at"],
  "properties": {
    "payment_id": {"type": "string", "format": "uuid"},
    "attempts_left": {"type": "integer", "minimum": 0},
    "at": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kConfirmed1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["payment_id", "ticket_ids", "at"],
  "properties": {
    "payment_id": {"type": "string", "format": "uuid"},
    "ticket_ids": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "uuid"}},
    "at": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kExpired1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["at"],
  "properties": {"at": {"type": "string", "format": "date-time"}}
})json";

inline constexpr std::string_view kCancelled1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["cause", "reason", "at"],
  "properties": {
    "cause": {"enum": ["customer", "admin", "refunded"]},
    "reason": {"type": "string"},
    "at": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kFailed1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["at"],
  "properties": {"at": {"type": "string", "format": "date-time"}}
})json";

}  // namespace schema

inline constexpr EventType kReservationEvents[] = {
    {"reservations.held.v1", schema::kHeld1},
    {"reservations.payment_started.v1", schema::kPaymentStarted1},
    {"reservations.hold_extended.v1", schema::kHoldExtended1},
    {"reservations.payment_declined.v1", schema::kPaymentDeclined1},
    {"reservations.confirmed.v1", schema::kConfirmed1},
    {"reservations.expired.v1", schema::kExpired1},
    {"reservations.cancelled.v1", schema::kCancelled1},
    {"reservations.failed.v1", schema::kFailed1},
};

}  // namespace gantry::reservations
