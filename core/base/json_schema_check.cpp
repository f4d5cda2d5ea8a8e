// Walking a value along a compiled schema.
#include <algorithm>
#include <cmath>

#include "core/base/json_schema.hpp"
#include "core/base/json_schema_node.hpp"
#include "core/base/utf8.hpp"
#include "gantry/text.hpp"

namespace gantry::base {
namespace {

using Node = JsonSchema::Node;
using Value = const gantry_json_node*;
constexpr size_t kPatternBytesMax =
    4096;  // a longer string never matches: a pattern costs per byte

uint8_t type_bits(Value value) {
  const uint32_t type = json::type(value);
  if (type == GANTRY_JSON_NUMBER && json::is_whole(value)) return Node::kInteger;
  return static_cast<uint8_t>(1U << type);
}

std::string_view type_name(Value value) {
  switch (json::type(value)) {
    case GANTRY_JSON_BOOL:
      return "a boolean";
    case GANTRY_JSON_NUMBER:
      return json::is_whole(value) ? "an integer" : "a number";
    case GANTRY_JSON_STRING:
      return "a string";
    case GANTRY_JSON_ARRAY:
      return "an array";
    case GANTRY_JSON_OBJECT:
      return "an object";
    default:
      return "null";
  }
}

std::string type_names(uint8_t bits) {
  std::string out;
  const auto add = [&](uint8_t bit, std::string_view name) {
    if ((bits & bit) == 0) return;
    if (!out.empty()) out += " or ";
    out += name;
  };
  add(1 << GANTRY_JSON_STRING, "a string");
  if (bits & (1 << GANTRY_JSON_NUMBER))
    add(1 << GANTRY_JSON_NUMBER, "a number");
  else
    add(Node::kInteger, "an integer");
  add(1 << GANTRY_JSON_BOOL, "a boolean");
  add(1 << GANTRY_JSON_ARRAY, "an array");
  add(1 << GANTRY_JSON_OBJECT, "an object");
  add(1 << GANTRY_JSON_NULL, "null");
  return out;
}

std::string number_text(double value) {
  if (std::abs(value) < 1e15 && value == std::trunc(value))
    return to_text(static_cast<int64_t>(value));
  std::string out = std::to_string(value);
  return out.erase(out.find_last_not_of('0') + 1);
}

class Check {
 public:
  Check(std::vector<JsonFault>& faults, uint32_t max, std::string& pointer)
      : faults_(faults), max_(max), pointer_(pointer) {}

  void value(const Node& node, Value value) {
    if (full()) return;
    if (node.never) return fault("NOT_ALLOWED", "No value is allowed here.");
    if (node.ref) this->value(*node.ref, value);
    if ((node.types & type_bits(value)) == 0)
      return fault("WRONG_TYPE",
                   join("Expected ", type_names(node.types), ", found ", type_name(value), "."));
    allowed(node, value);
    switch (json::type(value)) {
      case GANTRY_JSON_OBJECT:
        object(node, value);
        break;
      case GANTRY_JSON_ARRAY:
        array(node, value);
        break;
      case GANTRY_JSON_STRING:
        text(node, *json::text(value));
        break;
      case GANTRY_JSON_NUMBER:
        number(node, value);
        break;
      default:
        break;
    }
    if (!node.any_of.empty() && matches(node.any_of, value) == 0)
      fault("NO_MATCH", "Matches none of the allowed forms.");
    if (!node.one_of.empty() && matches(node.one_of, value) != 1)
      fault("NO_MATCH", "Does not match exactly one of the allowed forms.");
  }

 private:
  bool full() const { return faults_.size() >= max_; }
  void fault(std::string_view code, std::string detail) {
    if (!full()) faults_.push_back({pointer_, std::string(code), std::move(detail)});
  }

  // Runs `then` with the pointer one step further; ~ and / are escaped (RFC 6901 section 3).
  template <class Then>
  void at(std::string_view step, Then&& then) {
    const size_t length = pointer_.size();
    pointer_ += '/';
    for (const char c : step) {
      if (c == '~')
        pointer_ += "~0";
      else if (c == '/')
        pointer_ += "~1";
      else
        pointer_ += c;
    }
    then();
    pointer_.resize(length);
  }

  void allowed(const Node& node, Value value) {
    if (node.allowed.empty()) return;
    std::string list;
    for (Value one : node.allowed) {
      if (json::equal(one, value)) return;
      if (!list.empty()) list += ", ";
      json::write(one, list);
    }
    fault("NOT_ALLOWED", join("Must be one of ", list, "."));
  }

  void object(const Node& node, Value object) {
    const uint32_t count = json::count(object);
    size_range(count, node.properties_min, node.properties_max, "members");
    for (uint32_t i = 0; i < count; ++i) {
      std::string_view name;
      Value member = json::at(object, i, &name);
      const auto known = node.properties.find(name);
      at(name, [&] {
        if (known != node.properties.end())
          value(*known->second, member);
        else if (node.closed)
          fault("UNKNOWN_MEMBER", "There is no such member.");
        else if (node.additional)
          value(*node.additional, member);
      });
    }
    for (const std::string& name : node.required) {
      if (!json::member(object, name)) at(name, [&] { fault("REQUIRED", "Must be present."); });
    }
  }

  void array(const Node& node, Value array) {
    const uint32_t count = json::count(array);
    size_range(count, node.items_min, node.items_max, "elements");
    if (node.unique) each_once(array);
    if (!node.items) return;
    for (uint32_t i = 0; i < count; ++i) {
      at(to_text(i), [&] { value(*node.items, json::at(array, i)); });
    }
  }

  void each_once(Value array) {
    // Equal values have equal canonical texts: sorting beats comparing each with each.
    std::vector<std::pair<std::string, uint32_t>> texts(json::count(array));
    for (uint32_t i = 0; i < texts.size(); ++i) {
      json::write_canonical(json::at(array, i), texts[i].first);
      texts[i].second = i;
    }
    std::sort(texts.begin(), texts.end());
    for (size_t i = 1; i < texts.size(); ++i) {
      if (texts[i].first == texts[i - 1].first)
        at(to_text(texts[i].second), [&] { fault("NOT_UNIQUE", "The same value came before."); });
    }
  }

  void text(const Node& node, std::string_view text) {
    if (node.length_min || node.length_max) {
      const uint64_t length = code_points(text);
      if (node.length_min && length < *node.length_min)
        fault("TOO_SHORT", join("At least ", *node.length_min, " characters."));
      if (node.length_max && length > *node.length_max)
        return fault("TOO_LONG", join("At most ", *node.length_max, " characters."));
    }
    if (node.pattern && (text.size() > kPatternBytesMax ||
                         !std::regex_search(text.begin(), text.end(), *node.pattern)))
      fault("PATTERN", join("Does not match ", node.pattern_text, "."));
    if (node.format && !node.format(text))
      fault("FORMAT", join("Is not a ", node.format_name, "."));
  }

  void number(const Node& node, Value value) {
    if ((node.types & (1 << GANTRY_JSON_NUMBER)) == 0 && !json::integer(value))
      return fault("OUT_OF_RANGE", "Does not fit into 64 bits.");
    const double number = *json::number(value);
    if (node.minimum && number < *node.minimum)
      fault("OUT_OF_RANGE", join("At least ", number_text(*node.minimum), "."));
    if (node.maximum && number > *node.maximum)
      fault("OUT_OF_RANGE", join("At most ", number_text(*node.maximum), "."));
    if (node.above && number <= *node.above)
      fault("OUT_OF_RANGE", join("More than ", number_text(*node.above), "."));
    if (node.below && number >= *node.below)
      fault("OUT_OF_RANGE", join("Less than ", number_text(*node.below), "."));
  }

  void size_range(uint64_t count, std::optional<uint64_t> min, std::optional<uint64_t> max,
                  std::string_view what) {
    if (min && count < *min) fault("TOO_FEW", join("At least ", *min, " ", what, "."));
    if (max && count > *max) fault("TOO_MANY", join("At most ", *max, " ", what, "."));
  }

  size_t matches(const std::vector<const Node*>& forms, Value value) {
    size_t count = 0;
    for (const Node* form : forms) {
      std::vector<JsonFault> ignored;
      Check(ignored, 1, pointer_).value(*form, value);
      count += ignored.empty();
    }
    return count;
  }

  std::vector<JsonFault>& faults_;
  const uint32_t max_;
  std::string& pointer_;
};

}  // namespace

std::vector<JsonFault> JsonSchema::validate(const gantry_json_node* value,
                                            uint32_t faults_max) const {
  std::vector<JsonFault> faults;
  std::string pointer;
  Check(faults, faults_max, pointer).value(*root_, value);
  return faults;
}

}  // namespace gantry::base
