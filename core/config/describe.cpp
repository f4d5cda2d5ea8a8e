#include "core/config/describe.hpp"

#include <vector>

#include "core/config/quote.hpp"
#include "core/config/scalar.hpp"
#include "gantry/text.hpp"

namespace gantry::config {
namespace {

std::string shown(const Node& node) {
  if (const auto text = node.text()) return quoted(redacted(*text));
  if (const auto whole = node.integer()) return gantry::to_text(*whole);
  if (const auto number = node.number()) return number_text(*number);
  if (const auto yes = node.boolean()) return *yes ? "true" : "false";
  if (node.is(Kind::kNull)) return "nothing";
  return node.is(Kind::kArray) ? "a list" : "an object";
}

std::string kind_text(const Node& node) {
  switch (node.kind()) {
    case Kind::kNull:
      return "nothing";
    case Kind::kBoolean:
      return "a boolean";
    case Kind::kInteger:
      return "an integer";
    case Kind::kNumber:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kArray:
      return "a list";
    case Kind::kObject:
      return "an object";
  }
  return "a value";
}

std::string joined(const std::vector<std::string>& words, std::string_view last_separator) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? last_separator : ", ";
    out += words[i];
  }
  return out;
}

std::string range(const Rule& rule) {
  if (rule.minimum && rule.maximum && !rule.above && !rule.below) {
    return join(" between ", shown(*rule.minimum), " and ", shown(*rule.maximum));
  }
  std::vector<std::string> clauses;
  if (rule.minimum) clauses.push_back("at least " + shown(*rule.minimum));
  if (rule.above) clauses.push_back("more than " + shown(*rule.above));
  if (rule.maximum) clauses.push_back("at most " + shown(*rule.maximum));
  if (rule.below) clauses.push_back("less than " + shown(*rule.below));
  return clauses.empty() ? "" : " of " + joined(clauses, " and ");
}

std::string amount(std::optional<int64_t> min, std::optional<int64_t> max,
                   const std::string& of_what) {
  if (!min && !max) return "";
  if (min && max && *min == *max) return join(" of ", *min, of_what);
  if (min && max) return join(" of ", *min, " to ", *max, of_what);
  return min ? join(" of at least ", *min, of_what) : join(" of at most ", *max, of_what);
}

std::string string_expectation(const Rule& rule) {
  if (rule.format) return std::string(description_of(*rule.format));
  if (rule.pattern && !rule.title.empty()) return rule.title;
  const bool just_not_empty = rule.length_min == 1 && !rule.length_max;
  std::string out = just_not_empty && !rule.pattern ? "a non-empty string" : "a string";
  if (!just_not_empty) out += amount(rule.length_min, rule.length_max, " characters");
  if (rule.pattern) out += " that matches " + rule.pattern->text;
  const bool has_example = !rule.example.empty() || (rule.fallback && rule.fallback->text());
  if (rule.pattern && has_example) {
    out += join(" (such as ",
                rule.example.empty() ? std::string(*rule.fallback->text()) : rule.example, ")");
  }
  return out;
}

std::string expectation(const Rule& rule, Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "nothing";
    case Kind::kBoolean:
      return "true or false";
    case Kind::kInteger:
      return "an integer" + range(rule);
    case Kind::kNumber:
      return "a number" + range(rule);
    case Kind::kString:
      return string_expectation(rule);
    case Kind::kArray:
      return "a list" + amount(rule.items_min, rule.items_max, " items");
    case Kind::kObject:
      return "an object" + amount(rule.properties_min, rule.properties_max, " keys");
  }
  return "a value";
}

std::vector<Kind> kinds_of(const Rule& rule) {
  std::vector<Kind> kinds;
  for (const auto kind : {Kind::kBoolean, Kind::kNumber, Kind::kInteger, Kind::kString,
                          Kind::kArray, Kind::kObject, Kind::kNull}) {
    if (kind == Kind::kInteger && rule.kinds.has(Kind::kNumber)) continue;
    if (rule.kinds.has(kind)) kinds.push_back(kind);
  }
  return kinds;
}

// What the keywords are about when there is no `type`.
std::vector<Kind> implied_kinds(const Rule& rule) {
  std::vector<Kind> kinds;
  if (rule.minimum || rule.maximum || rule.above || rule.below) kinds.push_back(Kind::kNumber);
  if (rule.length_min || rule.length_max || rule.pattern || rule.format)
    kinds.push_back(Kind::kString);
  if (rule.items_min || rule.items_max || rule.items) kinds.push_back(Kind::kArray);
  if (rule.properties_min || rule.properties_max || !rule.properties.empty())
    kinds.push_back(Kind::kObject);
  return kinds;
}

}  // namespace

std::string expectation(const Rule& rule) {
  if (rule.constant) return shown(*rule.constant);
  std::vector<std::string> words;
  for (const auto& choice : rule.choices) words.push_back(shown(choice));
  if (words.size() == 1) return words[0];
  if (!words.empty()) return "one of " + joined(words, " or ");
  for (const auto kind : kinds_of(rule)) words.push_back(expectation(rule, kind));
  if (words.empty()) {
    for (const auto kind : implied_kinds(rule)) words.push_back(expectation(rule, kind));
  }
  if (words.empty() && rule.ref) return expectation(*rule.ref);
  for (const auto* branches : {&rule.any_of, &rule.one_of}) {
    if (!words.empty()) break;
    for (const auto* branch : *branches) words.push_back(expectation(*branch));
  }
  return words.empty() ? "another value" : joined(words, " or ");
}

std::string found(const Node& node, bool hide) {
  if (const auto* from = node.substitution()) {
    return join(kind_text(node), " from ", redacted(from->written));
  }
  if (hide || node.secret()) return join(kind_text(node), " (hidden)");
  return shown(node);
}

}  // namespace gantry::config
