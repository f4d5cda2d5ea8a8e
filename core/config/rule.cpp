#include "core/config/rule.hpp"

#include <algorithm>

namespace gantry::config {

const Rule* Rule::property(std::string_view name) const {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [&](const Property& p) { return p.name == name; });
  return found == properties.end() ? nullptr : found->rule;
}

bool allows(const Rule& rule, Kind kind) {
  const auto one_allows = [&](const std::vector<const Rule*>& branches) {
    return branches.empty() ||
           std::any_of(branches.begin(), branches.end(),
                       [&](const Rule* branch) { return allows(*branch, kind); });
  };
  const auto listed = [&](const Node& choice) { return choice.is(kind); };
  if (rule.constant && !listed(*rule.constant)) return false;
  if (!rule.choices.empty() && std::none_of(rule.choices.begin(), rule.choices.end(), listed))
    return false;
  return (rule.kinds.empty() || rule.kinds.has(kind)) && (!rule.ref || allows(*rule.ref, kind)) &&
         one_allows(rule.any_of) && one_allows(rule.one_of);
}

bool is_secret(const Rule& rule) {
  const auto any = [](const std::vector<const Rule*>& branches) {
    return std::any_of(branches.begin(), branches.end(),
                       [](const Rule* b) { return is_secret(*b); });
  };
  return rule.secret || (rule.ref && is_secret(*rule.ref)) || any(rule.any_of) || any(rule.one_of);
}

Node settled(const Node& node, const Rule& rule) {
  const Substitution* from = node.substitution();
  if (!from || node.failed() || node.is(Kind::kString)) return node;
  if (allows(rule, node.kind()) || !allows(rule, Kind::kString)) return node;
  return node.with(Node::Value(from->resolved));
}

}  // namespace gantry::config
