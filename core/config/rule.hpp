// Rule: one schema object, ready for use. Rules are owned by their Schema and point to each other.
#pragma once
#include <cstdint>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/formats.hpp"
#include "core/config/node.hpp"

namespace gantry::config {

struct Rule;

// Whether a changed value takes effect in a running host.
enum class Reload { kRestart, kHot };

// A set of Kinds.
class Kinds {
 public:
  void add(Kind kind) { bits_ |= bit(kind); }
  bool has(Kind kind) const { return (bits_ & bit(kind)) != 0; }
  bool empty() const { return bits_ == 0; }

 private:
  static unsigned bit(Kind kind) { return 1U << static_cast<unsigned>(kind); }
  unsigned bits_ = 0;
};

struct Pattern {
  std::string text;
  std::regex regex;
};

struct Property {
  std::string name;
  const Rule* rule = nullptr;
};

struct Rule {
  Kinds kinds;  // empty: every kind

  std::vector<Property> properties;
  std::vector<std::string> required;
  bool additional_allowed = true;
  const Rule* additional = nullptr;
  std::optional<int64_t> properties_min, properties_max;

  const Rule* items = nullptr;
  std::optional<int64_t> items_min, items_max;
  bool items_unique = false;

  std::vector<Node> choices;  // enum; empty: no enum
  std::optional<Node> constant;
  std::optional<Node> minimum, maximum, above, below;  // numbers; the last two exclusive
  std::optional<int64_t> length_min, length_max;       // in characters
  std::optional<Pattern> pattern;
  std::optional<Format> format;

  std::vector<const Rule*> any_of, one_of;
  const Rule* ref = nullptr;

  std::optional<Node> fallback;  // "default"
  std::string description;
  std::string title;    // what a pattern wants, in words
  std::string example;  // the first of "examples", if it is a string
  std::string retired;  // what to use instead; empty: not retired
  std::optional<Reload> reload;
  bool secret = false;
  std::string unit;

  const Rule* property(std::string_view name) const;
};

// True when a value of this kind can pass, by type, enum and const here and behind $ref, anyOf and
// oneOf.
bool allows(const Rule& rule, Kind kind);
// True when the value is secret by this rule or one behind $ref, anyOf and oneOf.
bool is_secret(const Rule& rule);
// A retyped ${…} scalar as the string it was, where the rule has no room for the other type
// (`password: ${PIN}` with PIN=1234); every other node as it is.
Node settled(const Node& node, const Rule& rule);

}  // namespace gantry::config
