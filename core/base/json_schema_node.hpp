// One compiled schema: what json_schema.cpp makes and json_schema_check.cpp walks. Not for others.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "core/base/json.hpp"
#include "core/base/json_format.hpp"
#include "core/base/json_schema.hpp"

namespace gantry::base {

struct JsonSchema::Node {
  static constexpr uint8_t kAnyType = 0x7F;
  // Bits of `types`: 1 << GANTRY_JSON_*, and kInteger for "integer".
  static constexpr uint8_t kInteger = 1 << 6;

  bool never = false;  // the schema `false`
  uint8_t types = kAnyType;
  const Node* ref = nullptr;

  std::map<std::string, const Node*, std::less<>> properties;
  std::vector<std::string> required;
  bool closed = false;  // additionalProperties: false
  const Node* additional = nullptr;
  std::optional<uint64_t> properties_min, properties_max;

  const Node* items = nullptr;
  std::optional<uint64_t> items_min, items_max;
  bool unique = false;

  std::optional<uint64_t> length_min, length_max;  // code points
  std::optional<std::regex> pattern;
  std::string pattern_text;
  JsonFormat format = nullptr;
  std::string format_name;

  std::optional<double> minimum, maximum, above, below;

  std::vector<const gantry_json_node*> allowed;  // enum and const: values of `source`
  std::vector<const Node*> any_of, one_of;
};

}  // namespace gantry::base
