// JSON Schemas of the events of a payment, every version that was ever appended. A released one
// never changes: tests/golden and the server refuse that. A change of an event is a new version,
// see docs/howto/change_an_event.md.
#pragma once
#include <string_view>

#include "gantry/plan.hpp"

namespace gantry::payments {

namespace schema {

inline constexpr std::string_view kRequested1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["reservation_id", "customer_id", "event_id", "event_owner_id", "starts_at", "amount",
   "method", "refund_rules", "at"],
  "properties": {
    "reservation_id": {"type": "string", "format": "uuid"},
    "customer_id": {"type": "string", "minLength": 1},
    "event_id": {"type": "string", "format": "uuid"},
    "event_owner_id": {"type": "string", "minLength": 1},
    "starts_at": {"type": "string", "format": "date-time"},
    "amount": {"$ref": "#/$defs/money"},
    "method": {
      "type": "object",
      "additionalProperties": false,
      "required": ["type", "token"],
      "properties": {
        "type": {"type": "string", "minLength": 1},
        "token": {"type": "string", "minLength": 1}
      }
    },
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

inline constexpr std::string_view kAuthorized1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["provider", "reference", "brand", "last4", "at"],
  "properties": {
    "provider": {"type": "string"},
    "reference": {"type": "string"},
    "brand": {"type": "string"},
    "last4": {"type": "string"},
    "at": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kCaptured1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["reservation_id", "event_id", "customer_id", "amount", "reference", "at"],
  "properties": {
    "reservation_id": {"type": "string", "format": "uuid"},
    "event_id": {"type": "string", "format": "uuid"},
    "customer_id": {"type": "string", "minLength": 1},
    "amount": {"$ref": "#/$defs/money"},
    "reference": {"type": "string"},
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
    }
  }
})json";

inline constexpr std::string_view kDeclined1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["step", "code", "attempts_left", "at"],
  "properties": {
    "step": {"enum": ["authorize", "capture"]},
    "code": {"type": "string", "minLength": 1},
    "attempts_left": {"type": "integer", "minimum": 0},
    "at": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kOutcomeUnknown1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["step", "at"],
  "properties": {
    "step": {"enum": ["authorize", "capture"]},
    "at": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kVoided1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["code", "http_status", "at"],
  "properties": {
    "code": {"type": "string", "minLength": 1},
    "http_status": {"type": "integer", "minimum": 400, "maximum": 599},
    "at": {"type": "string", "format": "date-time"}
  }
})json";

inline constexpr std::string_view kRefundRequested1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["refund_id", "customer_id", "amount", "reason", "requested_by", "at"],
  "properties": {
    "refund_id": {"type": "string", "format": "uuid"},
    "customer_id": {"type": "string", "minLength": 1},
    "amount": {"$ref": "#/$defs/money"},
    "reason": {"type": "string"},
    "requested_by": {"type": "string", "minLength": 1},
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
    }
  }
})json";

inline constexpr std::string_view kRefunded1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["refund_id", "reservation_id", "event_id", "customer_id", "amount", "refunded_total",
   "all", "reference", "at"],
  "properties": {
    "refund_id": {"type": "string", "format": "uuid"},
    "reservation_id": {"type": "string", "format": "uuid"},
    "event_id": {"type": "string", "format": "uuid"},
    "customer_id": {"type": "string", "minLength": 1},
    "amount": {"$ref": "#/$defs/money"},
    "refunded_total": {"$ref": "#/$defs/money"},
    "all": {"type": "boolean"},
    "reference": {"type": "string"},
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
    }
  }
})json";

inline constexpr std::string_view kRefundFailed1 = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["refund_id", "amount", "code", "at"],
  "properties": {
    "refund_id": {"type": "string", "format": "uuid"},
    "amount": {"$ref": "#/$defs/money"},
    "code": {"type": "string", "minLength": 1},
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
    }
  }
})json";

}  // namespace schema

inline constexpr EventType kPaymentEvents[] = {
    {"payments.requested.v1", schema::kRequested1},
    {"payments.authorized.v1", schema::kAuthorized1},
    {"payments.captured.v1", schema::kCaptured1},
    {"payments.declined.v1", schema::kDeclined1},
    {"payments.outcome_unknown.v1", schema::kOutcomeUnknown1},
    {"payments.voided.v1", schema::kVoided1},
    {"payments.refund_requested.v1", schema::kRefundRequested1},
    {"payments.refunded.v1", schema::kRefunded1},
    {"payments.refund_failed.v1", schema::kRefundFailed1},
};

}  // namespace gantry::payments
