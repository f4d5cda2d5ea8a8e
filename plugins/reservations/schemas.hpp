// JSON Schemas of request bodies and answers: shape and bounds.
#pragma once
#include <string_view>

namespace gantry::reservations::schema {

inline constexpr std::string_view kReserve = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["event_id", "lines"],
  "properties": {
    "event_id": {"type": "string", "format": "uuid"},
    "lines": {
      "type": "array",
      "minItems": 1,
      "maxItems": 50,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["section"],
        "properties": {
          "section": {"type": "string", "minLength": 1, "maxLength": 100},
          "seats": {
            "type": "array",
            "minItems": 1,
            "maxItems": 100,
            "uniqueItems": true,
            "items": {"type": "string", "minLength": 1, "maxLength": 40}
          },
          "quantity": {"type": "integer", "minimum": 1, "maximum": 100000},
          "adjacent": {"type": "boolean"}
        },
        "oneOf": [{"required": ["seats"]}, {"required": ["quantity"]}]
      }
    }
  }
})json";

inline constexpr std::string_view kCancel = R"json({
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "reason": {"type": "string", "maxLength": 500}
  }
})json";

inline constexpr std::string_view kReservation = R"json({
  "type": "object",
  "required": ["id", "event_id", "customer_id", "lines", "total", "state", "expires_at", "payment_ids",
               "ticket_ids", "created_at", "version"],
  "properties": {
    "id": {"type": "string", "format": "uuid"},
    "event_id": {"type": "string", "format": "uuid"},
    "customer_id": {"type": "string"},
    "lines": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["section", "seat", "tier", "unit_price"],
        "properties": {
          "section": {"type": "string"},
          "seat": {"type": ["string", "null"]},
          "tier": {"type": "string"},
          "unit_price": {"$ref": "#/$defs/money"}
        }
      }
    },
    "total": {"$ref": "#/$defs/money"},
    "state": {"enum": ["held", "paying", "confirmed", "expired", "cancelled", "failed"]},
    "expires_at": {"type": "string", "format": "date-time"},
    "payment_ids": {"type": "array", "items": {"type": "string", "format": "uuid"}},
    "ticket_ids": {"type": "array", "items": {"type": "string", "format": "uuid"}},
    "created_at": {"type": "string", "format": "date-time"},
    "version": {"type": "integer"}
  },
  "$defs": {
    "money": {
      "type": "object",
      "required": ["amount", "currency"],
      "properties": {"amount": {"type": "integer"}, "currency": {"type": "string"}}
    }
  }
})json";

inline constexpr std::string_view kReservationList = R"json({
  "type": "object",
  "required": ["items", "next_page_token"],
  "properties": {
    "items": {"type": "array", "items": {"type": "object"}},
    "next_page_token": {"type": "string", "description": "empty at the end"}
  }
})json";

inline constexpr std::string_view kHistory = R"json({
  "type": "object",
  "required": ["items"],
  "properties": {
    "items": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["version", "position", "type", "at", "data"],
        "properties": {
          "version": {"type": "integer"},
          "position": {"type": "integer"},
          "type": {"type": "string"},
          "at": {"type": "string", "format": "date-time"},
          "data": {"type": "object"}
        }
      }
    }
  }
})json";

}  // namespace gantry::reservations::schema
