// JSON Schemas of the bodies of this plugin's routes.
#pragma once
#include <string_view>

namespace gantry::auth::schema {

constexpr std::string_view kRequestLink = R"json({
  "type": "object", "additionalProperties": false, "required": ["email"],
  "properties": {"email": {"type": "string", "minLength": 3, "maxLength": 320}}
})json";

constexpr std::string_view kLinkRequested = R"json({
  "type": "object", "additionalProperties": false, "required": ["message"],
  "properties": {"message": {"type": "string"}, "magic_link_token": {"type": "string"}}
})json";

constexpr std::string_view kVerify = R"json({
  "type": "object", "additionalProperties": false, "required": ["token"],
  "properties": {"token": {"type": "string", "minLength": 1, "maxLength": 128}}
})json";

constexpr std::string_view kVerified = R"json({
  "type": "object", "additionalProperties": false, "required": ["session_token", "expires_at", "user"],
  "properties": {
    "session_token": {"type": "string"}, "expires_at": {"type": "string", "format": "date-time"},
    "user": {"$ref": "#/$defs/user"}},
  "$defs": {"user": {"type": "object", "additionalProperties": false, "required": ["id", "email", "roles"],
    "properties": {"id": {"type": "string", "format": "uuid"}, "email": {"type": "string"},
      "roles": {"type": "array", "items": {"type": "string"}}}}}
})json";

constexpr std::string_view kSession = R"json({
  "type": "object", "additionalProperties": false,
  "required": ["user", "created_at", "expires_at", "last_active_at"],
  "properties": {
    "user": {"$ref": "#/$defs/user"}, "created_at": {"type": "string", "format": "date-time"},
    "expires_at": {"type": "string", "format": "date-time"},
    "last_active_at": {"type": "string", "format": "date-time"}},
  "$defs": {"user": {"type": "object", "additionalProperties": false, "required": ["id", "email", "roles"],
    "properties": {"id": {"type": "string", "format": "uuid"}, "email": {"type": "string"},
      "roles": {"type": "array", "items": {"type": "string"}}}}}
})json";

constexpr std::string_view kUser = R"json({
  "type": "object", "additionalProperties": false, "required": ["id", "email", "roles", "created_at"],
  "properties": {
    "id": {"type": "string", "format": "uuid"}, "email": {"type": "string"},
    "roles": {"type": "array", "items": {"type": "string"}},
    "created_at": {"type": "string", "format": "date-time"}}
})json";

constexpr std::string_view kUsers = R"json({
  "type": "object", "additionalProperties": false, "required": ["items", "next_page_token"],
  "properties": {
    "items": {"type": "array", "items": {"$ref": "#/$defs/user"}}, "next_page_token": {"type": "string"}},
  "$defs": {"user": {"type": "object", "additionalProperties": false,
    "required": ["id", "email", "roles", "created_at"],
    "properties": {
      "id": {"type": "string", "format": "uuid"}, "email": {"type": "string"},
      "roles": {"type": "array", "items": {"type": "string"}},
      "created_at": {"type": "string", "format": "date-time"}}}}
})json";

constexpr std::string_view kRoles = R"json({
  "type": "object", "additionalProperties": false, "required": ["roles"],
  "properties": {"roles": {"type": "array", "maxItems": 4, "uniqueItems": true,
    "items": {"enum": ["customer", "organizer", "monitoring", "admin"]}}}
})json";

}  // namespace gantry::auth::schema
