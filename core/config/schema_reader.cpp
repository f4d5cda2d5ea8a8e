#include "core/config/schema_reader.hpp"

#include <algorithm>
#include <utility>

#include "core/config/quote.hpp"
#include "core/config/similar.hpp"
#include "gantry/text.hpp"

namespace gantry::config {

const std::map<std::string_view, SchemaReader::Keyword>& SchemaReader::keywords() {
  using R = SchemaReader;
  static const std::map<std::string_view, Keyword> kKeywords = {
      {"type", &R::type},
      {"properties", &R::properties},
      {"required", &R::required},
      {"additionalProperties", &R::additional_properties},
      {"minProperties", &R::count<&Rule::properties_min>},
      {"maxProperties", &R::count<&Rule::properties_max>},
      {"items", &R::items},
      {"minItems", &R::count<&Rule::items_min>},
      {"maxItems", &R::count<&Rule::items_max>},
      {"uniqueItems", &R::unique_items},
      {"enum", &R::choices},
      {"const", &R::constant},
      {"minimum", &R::bound<&Rule::minimum>},
      {"maximum", &R::bound<&Rule::maximum>},
      {"exclusiveMinimum", &R::bound<&Rule::above>},
      {"exclusiveMaximum", &R::bound<&Rule::below>},
      {"minLength", &R::count<&Rule::length_min>},
      {"maxLength", &R::count<&Rule::length_max>},
      {"pattern", &R::pattern},
      {"format", &R::format},
      {"anyOf", &R::any_of},
      {"oneOf", &R::one_of},
      {"$ref", &R::reference},
      {"$defs", &R::definitions},
      {"default", &R::fallback},
      {"description", &R::description},
      {"examples", &R::examples},
      {"x-gantry", &R::extension},
      {"x-gantry-retired", &R::retired},
      {"title", &R::title},
      {"$schema", &R::ignore},
      {"$id", &R::ignore},
      {"$comment", &R::ignore},
  };
  return kKeywords;
}

std::vector<std::unique_ptr<Rule>> SchemaReader::read(const Node& document) {
  read_rule(document, "");
  resolve_references();
  if (faults_.empty()) refuse_circles();
  return std::move(rules_);
}

Rule* SchemaReader::read_rule(const Node& node, const std::string& path) {
  Rule* rule = rules_.emplace_back(std::make_unique<Rule>()).get();
  const std::string outer = std::exchange(path_, path);
  if (node.is(Kind::kObject)) {
    fill(*rule, node, path);
  } else {
    refuse(node, "a schema must be an object");
  }
  path_ = outer;
  return rule;
}

void SchemaReader::fill(Rule& rule, const Node& node, const std::string& path) {
  for (const auto& [key, mark, value] : node.members()) {
    path_ = path_of(path, key);
    const auto keyword = keywords().find(key);
    if (keyword != keywords().end()) {
      (this->*keyword->second)(rule, value);
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& [name, handler] : keywords()) known.push_back(name);
    faults_.push_back({mark, path_, "unknown keyword " + quoted(key) + did_you_mean(key, known)});
  }
  path_ = path;
  check_required(rule, node);
}

void SchemaReader::refuse(const Node& at, std::string why) {
  faults_.push_back({at.mark(), path_, std::move(why)});
}

void SchemaReader::check_required(const Rule& rule, const Node& node) {
  for (const auto& name : rule.required) {
    if (!rule.additional_allowed && !rule.property(name)) {
      refuse(node, join("requires ", quoted(name), ", which is no property"));
    }
  }
}

void SchemaReader::resolve_references() {
  for (const auto& [from, target, at] : references_) {
    const auto found = definitions_.find(target);
    if (target == "#") {
      from->ref = rules_.front().get();
    } else if (found != definitions_.end()) {
      from->ref = found->second;
    } else {
      path_.clear();
      refuse(*at, join("the reference ", quoted(target),
                       " leads nowhere; known are # and #/$defs/<name>"));
    }
  }
}

void SchemaReader::refuse_circles() {
  for (const auto& [from, target, at] : references_) {
    if (from->ref && leads_back_to(*from->ref, *from, rules_.size())) {
      path_.clear();
      refuse(*at, join("the reference ", quoted(target), " leads back to itself"));
      return;
    }
  }
}

// Follows what applies to the same value; steps into properties and items end, because values do.
bool SchemaReader::leads_back_to(const Rule& from, const Rule& goal, size_t steps_left) const {
  if (&from == &goal || steps_left == 0) return true;
  const auto any = [&](const std::vector<const Rule*>& next) {
    return std::any_of(next.begin(), next.end(), [&](const Rule* rule) {
      return leads_back_to(*rule, goal, steps_left - 1);
    });
  };
  return (from.ref && leads_back_to(*from.ref, goal, steps_left - 1)) || any(from.any_of) ||
         any(from.one_of);
}

}  // namespace gantry::config
