#include "core/config/validate.hpp"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "core/config/accepts.hpp"
#include "core/config/describe.hpp"
#include "core/config/quote.hpp"
#include "core/config/similar.hpp"
#include "core/config/to_json.hpp"
#include "gantry/text.hpp"

namespace gantry::config {
namespace {

// A value on the way down: `key_mark` is where its key stands, `hide` that it or a parent is
// secret.
struct Place {
  std::string path;
  Mark key_mark;
  bool hide = false;
};

class Walk {
 public:
  explicit Walk(const std::vector<std::string_view>& also_known) : also_known_(also_known) {}

  void check(const Node& unsettled, const Rule& rule, Place place) {
    if (unsettled.failed()) return;
    const Node& node = settle(unsettled, rule);
    place.hide = place.hide || is_secret(rule);
    if (rule.ref) check(node, *rule.ref, place);
    ++depth_;
    if (!accepts_alone(rule, node)) {
      fault(node.mark(), place.path, refusal(node, rule, place.hide));
    } else if (node.is(Kind::kArray)) {
      check_items(node, rule, place);
    } else if (node.is(Kind::kObject)) {
      check_members(node, rule, place);
    }
    if (!rule.any_of.empty()) check_branches(node, rule.any_of, false, place);
    if (!rule.one_of.empty()) check_branches(node, rule.one_of, true, place);
    --depth_;
  }

  Findings take() { return std::move(findings_); }

 private:
  void fault(const Mark& mark, std::string path, std::string message) {
    findings_.faults.push_back({mark, std::move(path), std::move(message)});
  }

  // Keeps the settled copy alive for as long as the walk is below it.
  const Node& settle(const Node& node, const Rule& rule) {
    if (!node.substitution()) return node;
    settled_.push_back(std::make_unique<Node>(settled(node, rule)));
    return *settled_.back();
  }

  static std::string refusal(const Node& node, const Rule& rule, bool hide) {
    std::string out = join("expected ", expectation(rule), ", found ");
    const bool wrong_kind = !rule.kinds.empty() && !rule.kinds.has(node.kind());
    const bool wrong_count = !wrong_kind && !rule.constant && rule.choices.empty();
    if (wrong_count && node.is(Kind::kArray)) return out + count(node.items().size(), " item");
    if (wrong_count && node.is(Kind::kObject)) return out + count(node.members().size(), " key");
    out += found(node, hide);
    std::vector<std::string_view> choices;
    for (const auto& choice : rule.choices) {
      if (choice.text()) choices.push_back(*choice.text());
    }
    const bool shown = !hide && !node.secret() && !node.substitution();
    if (shown && node.text()) out += did_you_mean(*node.text(), choices);
    return out;
  }

  static std::string count(size_t n, std::string_view what) {
    return join(n, what, n == 1 ? "" : "s");
  }

  void check_items(const Node& node, const Rule& rule, const Place& place) {
    std::unordered_map<std::string, size_t> seen;
    for (size_t i = 0; i < node.items().size(); ++i) {
      const Node& item = node.items()[i];
      const Place at{path_of(place.path, i), item.mark(), place.hide};
      if (rule.items) check(item, *rule.items, at);
      if (!rule.items_unique || item.failed()) continue;
      const auto [first, added] = seen.emplace(to_json(item, Secrets::kShown), i);
      if (added) continue;
      const bool hide = place.hide || (rule.items && is_secret(*rule.items));
      fault(item.mark(), at.path,
            join("expected different items, found ", found(item, hide), " again (also item ",
                 first->second, ")"));
    }
  }

  void check_members(const Node& node, const Rule& rule, const Place& place) {
    for (const auto& [key, mark, value] : node.members()) {
      const Place at{path_of(place.path, key), mark, place.hide};
      if (const Rule* property = rule.property(key)) {
        if (!property->retired.empty()) warn_retired(at, key, *property);
        check(value, *property, at);
      } else if (rule.additional) {
        check(value, *rule.additional, at);
      } else if (!rule.additional_allowed) {
        fault(mark, at.path,
              join("unknown key ", quoted(key), did_you_mean(key, known_keys(rule))));
      }
    }
    for (const auto& name : rule.required) check_present(node, name, rule, place);
  }

  void check_present(const Node& node, const std::string& name, const Rule& rule,
                     const Place& place) {
    const Rule* property = rule.property(name);
    if (node.member(name) || (property && property->fallback)) return;
    const Mark& mark = place.key_mark.line > 0 ? place.key_mark : node.mark();
    fault(
        mark, path_of(place.path, name),
        join("missing key ", quoted(name), property ? "; expected " + expectation(*property) : ""));
  }

  void warn_retired(const Place& at, const std::string& key, const Rule& rule) {
    findings_.warnings.push_back(
        {at.key_mark, at.path, join("the key ", quoted(key), " is retired: ", rule.retired)});
  }

  std::vector<std::string_view> known_keys(const Rule& rule) const {
    std::vector<std::string_view> keys;
    for (const auto& property : rule.properties) {
      if (property.rule->retired.empty()) keys.push_back(property.name);
    }
    if (depth_ == 1) keys.insert(keys.end(), also_known_.begin(), also_known_.end());
    return keys;
  }

  // When exactly one branch is meant, by the kind of the value, its faults say more than
  // "expected one or the other".
  void check_branches(const Node& node, const std::vector<const Rule*>& branches, bool exactly_one,
                      const Place& place) {
    std::vector<Findings> meant;
    size_t passed = 0;
    for (const Rule* branch : branches) {
      Walk attempt(also_known_);
      attempt.depth_ = depth_ - 1;
      attempt.check(node, *branch, place);
      auto result = attempt.take();
      if (result.ok() && ++passed == 1) findings_.add({{}, std::move(result.warnings)});
      if (!result.ok() && allows(*branch, node.kind())) meant.push_back(std::move(result));
    }
    if (passed == 1 || (passed > 1 && !exactly_one)) return;
    if (passed > 1) {
      return fault(node.mark(), place.path, "fits more than one of the allowed forms");
    }
    const bool structured = node.is(Kind::kObject) || node.is(Kind::kArray);
    if (meant.size() == 1 || (structured && !meant.empty())) {
      const auto fewest = [](const Findings& a, const Findings& b) {
        return a.faults.size() < b.faults.size();
      };
      return findings_.add(*std::min_element(meant.begin(), meant.end(), fewest));
    }
    Rule either;
    (exactly_one ? either.one_of : either.any_of) = branches;
    fault(node.mark(), place.path,
          join("expected ", expectation(either), ", found ", found(node, place.hide)));
  }

  const std::vector<std::string_view>& also_known_;
  std::vector<std::unique_ptr<Node>> settled_;
  size_t depth_ = 0;
  Findings findings_;
};

}  // namespace

Findings validate(const Node& node, const Rule& rule, const Position& position) {
  Walk walk(position.also_known);
  walk.check(node, rule, {position.path, position.key_mark, false});
  return walk.take();
}

Findings validate(const Node& node, const Schema& schema, const Position& position) {
  return validate(node, schema.root(), position);
}

}  // namespace gantry::config
