// Compiling a schema; checking is in json_schema_check.cpp.
#include "core/base/json_schema.hpp"

#include <array>
#include <functional>
#include <utility>

#include "core/base/json_schema_node.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::base {
namespace {

using Node = JsonSchema::Node;
using Nodes = std::vector<std::unique_ptr<Node>>;

constexpr std::array<std::string_view, 12> kAnnotations = {
    "title",     "description", "default", "examples", "deprecated", "readOnly",
    "writeOnly", "$schema",     "$id",     "$comment", "$defs",      "definitions"};

bool is_annotation(std::string_view keyword) {
  for (const std::string_view name : kAnnotations) {
    if (name == keyword) return true;
  }
  return keyword.substr(0, 2) == "x-";
}

class Compiler {
 public:
  Compiler(const gantry_json_node* root, Nodes& nodes) : root_(root), nodes_(nodes) {}

  const Node* node(const gantry_json_node* schema, const std::string& place) {
    if (const auto known = made_.find(schema); known != made_.end()) return known->second;
    Node& node = *nodes_.emplace_back(std::make_unique<Node>());
    made_[schema] = &node;  // before its parts: a schema may contain itself
    if (const auto always = json::boolean(schema)) {
      node.never = !*always;
      return &node;
    }
    if (json::type(schema) != GANTRY_JSON_OBJECT)
      refuse(place, "is neither an object nor a boolean");
    for (uint32_t i = 0; i < json::count(schema); ++i) {
      std::string_view keyword;
      const gantry_json_node* value = json::at(schema, i, &keyword);
      take(node, keyword, value, join(place, "/", keyword));
    }
    return &node;
  }

  // `ref`, anyOf and oneOf look at the same value again: a ring of them would never end.
  static bool returns_to_itself(const Node* start, const Node* at, uint32_t steps) {
    if (steps > 64) return true;
    const auto leads = [&](const Node* next) {
      return next == start || returns_to_itself(start, next, steps + 1);
    };
    if (at->ref && leads(at->ref)) return true;
    for (const Node* next : at->any_of) {
      if (leads(next)) return true;
    }
    for (const Node* next : at->one_of) {
      if (leads(next)) return true;
    }
    return false;
  }

 private:
  [[noreturn]] static void refuse(std::string_view place, std::string_view reason) {
    throw Error(Code::kInvalid, join("schema: ", place, " ", reason, "."));
  }

  using Value = const gantry_json_node*;
  void take(Node& node, std::string_view keyword, Value value, const std::string& place) {
    if (is_annotation(keyword)) return;
    if (keyword == "type")
      node.types = types(value, place);
    else if (keyword == "$ref")
      node.ref = reference(value, place);
    else if (keyword == "enum")
      allow_each(node, value, place);
    else if (keyword == "const")
      node.allowed = {value};
    else if (keyword == "anyOf")
      node.any_of = list(value, place);
    else if (keyword == "oneOf")
      node.one_of = list(value, place);
    else if (!of_object(node, keyword, value, place) && !of_array(node, keyword, value, place) &&
             !of_text(node, keyword, value, place) && !of_number(node, keyword, value, place))
      refuse(place, "is a keyword that is not supported");
  }

  bool of_object(Node& node, std::string_view keyword, Value value, const std::string& place) {
    if (keyword == "properties") {
      if (json::type(value) != GANTRY_JSON_OBJECT) refuse(place, "is not an object");
      for (uint32_t i = 0; i < json::count(value); ++i) {
        std::string_view name;
        Value schema = json::at(value, i, &name);
        node.properties.emplace(name, this->node(schema, join(place, "/", name)));
      }
    } else if (keyword == "required") {
      for (uint32_t i = 0; i < array(value, place); ++i) {
        const auto name = json::text(json::at(value, i));
        if (!name) refuse(place, "holds something that is not a string");
        node.required.emplace_back(*name);
      }
    } else if (keyword == "additionalProperties") {
      if (json::boolean(value) == false)
        node.closed = true;
      else
        node.additional = this->node(value, place);
    } else if (keyword == "minProperties")
      node.properties_min = size(value, place);
    else if (keyword == "maxProperties")
      node.properties_max = size(value, place);
    else
      return false;
    return true;
  }

  bool of_array(Node& node, std::string_view keyword, Value value, const std::string& place) {
    if (keyword == "items")
      node.items = this->node(value, place);
    else if (keyword == "minItems")
      node.items_min = size(value, place);
    else if (keyword == "maxItems")
      node.items_max = size(value, place);
    else if (keyword == "uniqueItems") {
      if (!json::boolean(value)) refuse(place, "is not a boolean");
      node.unique = *json::boolean(value);
    } else
      return false;
    return true;
  }

  bool of_text(Node& node, std::string_view keyword, Value value, const std::string& place) {
    if (keyword == "minLength")
      node.length_min = size(value, place);
    else if (keyword == "maxLength")
      node.length_max = size(value, place);
    else if (keyword == "pattern") {
      node.pattern_text = string(value, place);
      try {
        // __polynomial: libstdc++ matches in time linear in the text and without recursion over it,
        // so no body can make a pattern slow or overflow the stack. Back references are refused.
        node.pattern.emplace(node.pattern_text,
                             std::regex::ECMAScript | std::regex_constants::__polynomial);
      } catch (const std::regex_error&) {
        refuse(place, "is not a regular expression that can be used here");
      }
    } else if (keyword == "format") {
      node.format_name = string(value, place);
      node.format = json_format(node.format_name);
      if (!node.format) refuse(place, "is not one of uuid, date-time, date, email");
    } else
      return false;
    return true;
  }

  bool of_number(Node& node, std::string_view keyword, Value value, const std::string& place) {
    std::optional<double>* bound = keyword == "minimum"            ? &node.minimum
                                   : keyword == "maximum"          ? &node.maximum
                                   : keyword == "exclusiveMinimum" ? &node.above
                                   : keyword == "exclusiveMaximum" ? &node.below
                                                                   : nullptr;
    if (!bound) return false;
    *bound = json::number(value);
    if (!*bound) refuse(place, "is not a number");
    return true;
  }

  static uint8_t type_bit(std::string_view name, const std::string& place) {
    if (name == "null") return 1 << GANTRY_JSON_NULL;
    if (name == "boolean") return 1 << GANTRY_JSON_BOOL;
    if (name == "number") return 1 << GANTRY_JSON_NUMBER | Node::kInteger;
    if (name == "integer") return Node::kInteger;
    if (name == "string") return 1 << GANTRY_JSON_STRING;
    if (name == "array") return 1 << GANTRY_JSON_ARRAY;
    if (name == "object") return 1 << GANTRY_JSON_OBJECT;
    refuse(place, "names an unknown type");
  }

  static uint8_t types(Value value, const std::string& place) {
    if (const auto name = json::text(value)) return type_bit(*name, place);
    uint8_t bits = 0;
    for (uint32_t i = 0; i < array(value, place); ++i) {
      bits = static_cast<uint8_t>(bits | type_bit(string(json::at(value, i), place), place));
    }
    return bits;
  }

  static uint32_t array(Value value, const std::string& place) {
    if (json::type(value) != GANTRY_JSON_ARRAY) refuse(place, "is not an array");
    return json::count(value);
  }
  static std::string string(Value value, const std::string& place) {
    const auto text = json::text(value);
    if (!text) refuse(place, "is not a string");
    return std::string(*text);
  }
  static uint64_t size(Value value, const std::string& place) {
    const auto number = json::integer(value);
    if (!number || *number < 0) refuse(place, "is not an integer from 0");
    return static_cast<uint64_t>(*number);
  }

  static void allow_each(Node& node, Value value, const std::string& place) {
    for (uint32_t i = 0; i < array(value, place); ++i) node.allowed.push_back(json::at(value, i));
    if (node.allowed.empty()) refuse(place, "is empty");
  }

  std::vector<const Node*> list(Value value, const std::string& place) {
    std::vector<const Node*> nodes;
    for (uint32_t i = 0; i < array(value, place); ++i) {
      nodes.push_back(node(json::at(value, i), join(place, "/", i)));
    }
    if (nodes.empty()) refuse(place, "is empty");
    return nodes;
  }

  // "#" and "#/$defs/seat": only inside this schema, names without ~ escapes.
  const Node* reference(Value value, const std::string& place) {
    const std::string target = string(value, place);
    if (target.empty() || target[0] != '#') refuse(place, "leads out of this schema");
    Value at = root_;
    for (size_t begin = 1; begin < target.size();) {
      const size_t end = std::min(target.find('/', begin + 1), target.size());
      at = json::member(at, std::string_view(target).substr(begin + 1, end - begin - 1));
      begin = end;
    }
    if (!at) refuse(place, "leads nowhere");
    return node(at, target);
  }

  const gantry_json_node* root_;
  Nodes& nodes_;
  std::map<const gantry_json_node*, const Node*> made_;
};

}  // namespace

JsonSchema::JsonSchema(std::string_view text) : source_(std::make_unique<JsonDocument>()) {
  if (!source_->parse(text)) throw Error(Code::kInvalid, join("schema: ", source_->error()));
  root_ = Compiler(source_->root(), nodes_).node(source_->root(), "#");
  for (const auto& node : nodes_) {
    if (Compiler::returns_to_itself(node.get(), node.get(), 0))
      throw Error(Code::kInvalid, "schema: a $ref leads back to itself.");
  }
}
JsonSchema::~JsonSchema() = default;
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;

}  // namespace gantry::base
