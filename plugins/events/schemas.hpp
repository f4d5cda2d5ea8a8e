// JSON Schemas of request bodies and answers: shape and bounds. What a schema cannot say is
// faults_in() of details.hpp.
#pragma once
#include <string_view>

namespace gantry::events::schema {

inline constexpr std::string_view kCreateEvent = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["title", "starts_at", "ends_at", "timezone", "venue", "currency", "sections", "price_tiers"],
  "properties": {
    "title": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": {"type": "string", "maxLength": 5000},
    "starts_at": {"type": "string", "format": "date-time"},
    "ends_at": {"type": "string", "format": "date-time"},
    "timezone": {"type": "string", "maxLength": 64, "pattern": "^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$"},
    "venue": {
      "type": "object",
      "additionalProperties": false,
      "required": ["name"],
      "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 200},
        "address": {"type": "string", "maxLength": 500}
      }
    },
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "sections": {"type": "array", "minItems": 1, "maxItems": 50, "items": {"$ref": "#/$defs/section"}},
    "price_tiers": {"type": "array", "minItems": 1, "maxItems": 50, "items": {"$ref": "#/$defs/price_tier"}},
    "policies": {"$ref": "#/$defs/policies"}
  },
  "$defs": {
    "money": {
      "type": "object",
      "additionalProperties": false,
      "required": ["amount", "currency"],
      "properties": {
        "amount": {"type": "integer", "minimum": 1, "maximum": 1000000000000},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}
      }
    },
    "section": {
      "type": "object",
      "additionalProperties": false,
      "required": ["name", "kind"],
      "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "kind": {"enum": ["general_admission", "numbered"]},
        "capacity": {"type": "integer", "minimum": 1, "maximum": 100000},
        "rows": {
          "type": "array",
          "minItems": 1,
          "maxItems": 2000,
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["row", "seats"],
            "properties": {
              "row": {"type": "string", "minLength": 1, "maxLength": 20},
              "seats": {"type": "integer", "minimum": 1, "maximum": 100000}
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
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "section": {"type": "string", "minLength": 1, "maxLength": 100},
        "price": {"$ref": "#/$defs/money"},
        "available_from": {"type": ["string", "null"], "format": "date-time"},
        "available_until": {"type": ["string", "null"], "format": "date-time"}
      }
    },
    "policies": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "hold_seconds": {"type": "integer", "minimum": 1, "maximum": 86400},
        "max_tickets_per_reservation": {"type": "integer", "minimum": 1, "maximum": 100},
        "refund_rules": {
          "type": "array",
          "maxItems": 20,
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["min_days_before", "percent"],
            "properties": {
              "min_days_before": {"type": "integer", "minimum": 0, "maximum": 3650},
              "percent": {"type": "integer", "minimum": 0, "maximum": 100}
            }
          }
        },
        "payment_attempts_max": {"type": "integer", "minimum": 1, "maximum": 20},
        "time_based_pricing": {"type": "boolean"}
      }
    }
  }
})json";

inline constexpr std::string_view kEvent = R"json({
  "type": "object",
  "required": ["id", "title", "description", "starts_at", "ends_at", "timezone", "venue", "currency",
               "sections", "price_tiers", "policies", "state", "owner_id", "created_at", "updated_at", "version"],
  "properties": {
    "id": {"type": "string", "format": "uuid"},
    "title": {"type": "string"},
    "description": {"type": "string"},
    "starts_at": {"type": "string", "format": "date-time"},
    "ends_at": {"type": "string", "format": "date-time"},
    "timezone": {"type": "string"},
    "venue": {"type": "object"},
    "currency": {"type": "string"},
    "sections": {"type": "array", "items": {"type": "object"}},
    "price_tiers": {"type": "array", "items": {"type": "object"}},
    "policies": {"type": "object"},
    "state": {"enum": ["draft", "published", "sales_open", "sales_closed", "completed", "cancelling", "cancelled"]},
    "owner_id": {"type": "string"},
    "created_at": {"type": "string", "format": "date-time"},
    "updated_at": {"type": "string", "format": "date-time"},
    "version": {"type": "integer"}
  }
})json";

inline constexpr std::string_view kEventList = R"json({
  "type": "object",
  "required": ["items", "next_page_token"],
  "properties": {
    "items": {"type": "array", "items": {"type": "object"}},
    "next_page_token": {"type": "string", "description": "empty at the end"}
  }
})json";

inline constexpr std::string_view kAvailability = R"json({
  "type": "object",
  "required": ["event_id", "position", "sections", "total_available"],
  "properties": {
    "event_id": {"type": "string", "format": "uuid"},
    "position": {"type": "integer"},
    "sections": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["section", "kind", "capacity", "held", "sold", "available"],
        "properties": {
          "section": {"type": "string"},
          "kind": {"enum": ["general_admission", "numbered"]},
          "capacity": {"type": "integer"},
          "held": {"type": "integer"},
          "sold": {"type": "integer"},
          "available": {"type": "integer"},
          "seats": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["seat", "state"],
              "properties": {
                "seat": {"type": "string"},
                "state": {"enum": ["available", "held", "sold"]}
              }
            }
          }
        }
      }
    },
    "total_available": {"type": "integer"}
  }
})json";

inline constexpr std::string_view kSectionAvailability = R"json({
  "type": "object",
  "required": ["event_id", "position", "section", "kind", "capacity", "held", "sold", "available"],
  "properties": {
    "event_id": {"type": "string", "format": "uuid"},
    "position": {"type": "integer"},
    "section": {"type": "string"},
    "kind": {"enum": ["general_admission", "numbered"]},
    "capacity": {"type": "integer"},
    "held": {"type": "integer"},
    "sold": {"type": "integer"},
    "available": {"type": "integer"}
  }
})json";

inline constexpr std::string_view kTotalAvailable = R"json({
  "type": "object",
  "required": ["event_id", "position", "total_available"],
  "properties": {
    "event_id": {"type": "string", "format": "uuid"},
    "position": {"type": "integer"},
    "total_available": {"type": "integer"}
  }
})json";

}  // namespace gantry::events::schema
