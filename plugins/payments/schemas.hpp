// JSON Schemas of the bodies and answers of this plugin's routes.
#pragma once
#include <string>
#include <string_view>

#include "gantry/text.hpp"

namespace gantry::payments::schema {

constexpr std::string_view kPay = R"json({
  "type": "object", "additionalProperties": false, "required": ["reservation_id", "method"],
  "properties": {
    "reservation_id": {"type": "string", "format": "uuid"},
    "method": {"type": "object", "additionalProperties": false, "required": ["type", "token"],
      "properties": {
        "type": {"enum": ["card", "paypal", "apple_pay"]},
        "token": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}}}}
})json";

constexpr std::string_view kRefund = R"json({
  "type": "object", "additionalProperties": false, "required": ["reason"],
  "properties": {
    "amount": {"type": "object", "additionalProperties": false, "required": ["amount", "currency"],
      "properties": {
        "amount": {"type": "integer", "minimum": 1, "maximum": 9007199254740991},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}}},
    "reason": {"type": "string", "minLength": 1, "maxLength": 500}}
})json";

namespace detail {

constexpr std::string_view kMoney = R"json({"type": "object", "additionalProperties": false,
  "required": ["amount", "currency"], "properties": {
    "amount": {"type": "integer"}, "currency": {"type": "string"}}})json";

constexpr std::string_view kPayment = R"json({"type": "object", "additionalProperties": false,
  "required": ["id", "reservation_id", "customer_id", "amount", "amount_refunded",
               "amount_refundable", "state", "method", "created_at", "version"],
  "properties": {
    "id": {"type": "string", "format": "uuid"},
    "reservation_id": {"type": "string", "format": "uuid"},
    "customer_id": {"type": "string", "format": "uuid"},
    "amount": {"$ref": "#/$defs/money"},
    "amount_refunded": {"$ref": "#/$defs/money"},
    "amount_refundable": {"$ref": "#/$defs/money"},
    "state": {"enum": ["processing", "authorized", "captured", "failed", "voided", "unknown"]},
    "provider": {"type": "string"}, "provider_reference": {"type": "string"},
    "method": {"type": "object", "additionalProperties": false, "required": ["type"],
      "properties": {"type": {"enum": ["card", "paypal", "apple_pay"]},
        "brand": {"type": "string"}, "last4": {"type": "string"}}},
    "failure": {"type": "object", "additionalProperties": false,
      "required": ["code", "retryable", "attempts_left"],
      "properties": {"code": {"type": "string"}, "retryable": {"type": "boolean"},
        "attempts_left": {"type": "integer"}}},
    "created_at": {"type": "string", "format": "date-time"},
    "version": {"type": "integer"}}})json";

constexpr std::string_view kRefundAnswer = R"json({"type": "object", "additionalProperties": false,
  "required": ["id", "payment_id", "amount", "state", "reason", "created_at"],
  "properties": {
    "id": {"type": "string", "format": "uuid"},
    "payment_id": {"type": "string", "format": "uuid"},
    "amount": {"$ref": "#/$defs/money"},
    "state": {"enum": ["pending", "succeeded", "failed"]},
    "reason": {"type": "string"},
    "created_at": {"type": "string", "format": "date-time"}}})json";

inline std::string one(std::string_view schema) {
  return join(R"({"$ref": "#/$defs/item", "$defs": {"money": )", kMoney, R"(, "item": )", schema,
              "}}");
}
inline std::string list(std::string_view schema) {
  return join(R"({"type": "object", "additionalProperties": false,
  "required": ["items", "next_page_token"], "properties": {
    "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
    "next_page_token": {"type": "string"}}, "$defs": {"money": )",
              kMoney, R"(, "item": )", schema, "}}");
}

}  // namespace detail

// Of the answers.
inline std::string payment() { return detail::one(detail::kPayment); }
inline std::string payments() { return detail::list(detail::kPayment); }
inline std::string refund() { return detail::one(detail::kRefundAnswer); }
inline std::string refunds() { return detail::list(detail::kRefundAnswer); }

}  // namespace gantry::payments::schema
