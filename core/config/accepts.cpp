#include "core/config/accepts.hpp"

#include <algorithm>

#include "core/config/source_text.hpp"

namespace gantry::config {
namespace {

// Less, equal, greater as <0, 0, >0; exact for two integers.
int compare(const Node& a, const Node& b) {
  if (a.integer() && b.integer()) {
    return *a.integer() < *b.integer() ? -1 : *a.integer() > *b.integer() ? 1 : 0;
  }
  return *a.number() < *b.number() ? -1 : *a.number() > *b.number() ? 1 : 0;
}

bool accepts_number(const Rule& rule, const Node& node) {
  return !(rule.minimum && compare(node, *rule.minimum) < 0) &&
         !(rule.maximum && compare(node, *rule.maximum) > 0) &&
         !(rule.above && compare(node, *rule.above) <= 0) &&
         !(rule.below && compare(node, *rule.below) >= 0);
}

bool within(int64_t count, std::optional<int64_t> min, std::optional<int64_t> max) {
  return !(min && count < *min) && !(max && count > *max);
}

bool accepts_string(const Rule& rule, std::string_view text) {
  const auto length = static_cast<int64_t>(characters(text));
  if (!within(length, rule.length_min, rule.length_max)) return false;
  if (rule.format && !matches(*rule.format, text)) return false;
  if (!rule.pattern) return true;
  return text.size() <= kPatternBytesMax &&
         std::regex_search(text.begin(), text.end(), rule.pattern->regex);
}

bool is_listed(const Rule& rule, const Node& node) {
  return rule.choices.empty() || std::any_of(rule.choices.begin(), rule.choices.end(),
                                             [&](const Node& c) { return same_value(c, node); });
}

}  // namespace

bool accepts_alone(const Rule& rule, const Node& node) {
  if (!rule.kinds.empty() && !rule.kinds.has(node.kind())) return false;
  if (!is_listed(rule, node) || (rule.constant && !same_value(*rule.constant, node))) return false;
  switch (node.kind()) {
    case Kind::kInteger:
    case Kind::kNumber:
      return accepts_number(rule, node);
    case Kind::kString:
      return accepts_string(rule, *node.text());
    case Kind::kArray:
      return within(static_cast<int64_t>(node.items().size()), rule.items_min, rule.items_max);
    case Kind::kObject:
      return within(static_cast<int64_t>(node.members().size()), rule.properties_min,
                    rule.properties_max);
    case Kind::kNull:
    case Kind::kBoolean:
      return true;
  }
  return false;
}

}  // namespace gantry::config
