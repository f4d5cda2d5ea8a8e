// One version of an event type: its name in parts, and what its owner declares about it.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/json_schema.hpp"
#include "gantry/error.hpp"

namespace gantry::log {

// "payments.captured.v2" is version 2 of "payments.captured", which belongs to "payments".
struct TypeName {
  std::string_view name;   // "payments.captured"
  std::string_view owner;  // "payments": what stands before the last dot of the name
  uint32_t version = 0;    // from 1

  std::string of_version(uint32_t other) const;  // "payments.captured.v<other>"
};

// nullopt for anything else: lower-case words joined by dots, ".v", a number without leading zeros.
std::optional<TypeName> parse_type(std::string_view type);

// Makes the data of version N out of that of N-1; pure.
//   throws  Unavailable  its owner is gone; anything else: it cannot be made of this data, ever
//   thread  [any] outside of locks
using Upcast = std::function<std::string(std::string_view data)>;

// What a plan says about one version.
struct DeclaredType {
  std::string type;                               // "payments.captured.v2"
  std::string schema;                             // JSON Schema of its data, as declared
  std::string sha256;                             // of the schema in canonical form
  std::shared_ptr<const base::JsonSchema> check;  // second owner: the catalogue's snapshots
  Upcast upcast;                                  // from the version before; empty for v1
};

// Compiles and digests the schema.
//   throws  Invalid  no name of a type, or a schema that JsonSchema does not take
DeclaredType declared_type(std::string_view type, std::string_view schema, Upcast upcast = {});

// An event whose type nobody has registered, or of a later version than this server knows. It is
// never skipped: whoever reads it waits, because the plugin that knows it may come.
class UnknownType final : public Error {
 public:
  explicit UnknownType(std::string detail) : Error(Code::kUnavailable, std::move(detail)) {}
};

}  // namespace gantry::log
