// One function per keyword: checks the keyword's value and puts it into the rule.
#include <utility>

#include "core/config/quote.hpp"
#include "core/config/schema_reader.hpp"
#include "gantry/text.hpp"

namespace gantry::config {
namespace {

std::optional<Kind> kind_named(std::string_view name) {
  if (name == "null") return Kind::kNull;
  if (name == "boolean") return Kind::kBoolean;
  if (name == "integer") return Kind::kInteger;
  if (name == "number") return Kind::kNumber;
  if (name == "string") return Kind::kString;
  if (name == "array") return Kind::kArray;
  if (name == "object") return Kind::kObject;
  return std::nullopt;
}

}  // namespace

void SchemaReader::type(Rule& rule, const Node& value) {
  const auto add = [&](const Node& name) {
    const auto kind = name.text() ? kind_named(*name.text()) : std::nullopt;
    if (!kind) return refuse(name, "expected the name of a type");
    rule.kinds.add(*kind);
    if (*kind == Kind::kNumber) rule.kinds.add(Kind::kInteger);
  };
  if (!value.is(Kind::kArray)) return add(value);
  if (value.items().empty()) refuse(value, "expected at least one type");
  for (const auto& name : value.items()) add(name);
}

void SchemaReader::properties(Rule& rule, const Node& value) {
  if (!value.is(Kind::kObject)) return refuse(value, "expected an object of schemas");
  const std::string path = path_;
  for (const auto& [name, mark, schema] : value.members()) {
    rule.properties.push_back({name, read_rule(schema, path_of(path, name))});
  }
}

void SchemaReader::required(Rule& rule, const Node& value) {
  if (!value.is(Kind::kArray)) return refuse(value, "expected a list of keys");
  for (const auto& name : value.items()) {
    if (!name.text()) return refuse(name, "expected a key");
    rule.required.emplace_back(*name.text());
  }
}

void SchemaReader::additional_properties(Rule& rule, const Node& value) {
  if (value.boolean()) {
    rule.additional_allowed = *value.boolean();
  } else {
    rule.additional = read_rule(value, path_);
  }
}

void SchemaReader::items(Rule& rule, const Node& value) { rule.items = read_rule(value, path_); }

void SchemaReader::unique_items(Rule& rule, const Node& value) {
  if (!value.boolean()) return refuse(value, "expected true or false");
  rule.items_unique = *value.boolean();
}

void SchemaReader::choices(Rule& rule, const Node& value) {
  if (value.items().empty()) return refuse(value, "expected a list of values");
  rule.choices = value.items();
}

void SchemaReader::constant(Rule& rule, const Node& value) { rule.constant = value; }

void SchemaReader::pattern(Rule& rule, const Node& value) {
  if (!value.text()) return refuse(value, "expected a regular expression");
  std::string text(*value.text());
  try {
    std::regex regex(text, std::regex::ECMAScript | std::regex::optimize);
    rule.pattern = Pattern{std::move(text), std::move(regex)};
  } catch (const std::regex_error&) {
    refuse(value, "not a regular expression: " + quoted(text));
  }
}

void SchemaReader::format(Rule& rule, const Node& value) {
  rule.format = value.text() ? format_named(*value.text()) : std::nullopt;
  if (!rule.format) refuse(value, "expected listen-address, url, duration or cidr");
}

std::vector<const Rule*> SchemaReader::branches(const Node& value) {
  std::vector<const Rule*> out;
  if (value.items().empty()) refuse(value, "expected a list of schemas");
  const std::string path = path_;
  for (const auto& schema : value.items())
    out.push_back(read_rule(schema, path_of(path, out.size())));
  return out;
}

void SchemaReader::any_of(Rule& rule, const Node& value) { rule.any_of = branches(value); }
void SchemaReader::one_of(Rule& rule, const Node& value) { rule.one_of = branches(value); }

void SchemaReader::reference(Rule& rule, const Node& value) {
  if (!value.text()) return refuse(value, "expected a reference");
  references_.push_back({&rule, std::string(*value.text()), &value});
}

void SchemaReader::definitions(Rule& rule, const Node& value) {
  if (&rule != rules_.front().get()) return refuse(value, "$defs belong to the top of the schema");
  if (!value.is(Kind::kObject)) return refuse(value, "expected an object of schemas");
  const std::string path = path_;
  for (const auto& [name, mark, schema] : value.members()) {
    definitions_["#/$defs/" + name] = read_rule(schema, path_of(path, name));
  }
}

void SchemaReader::fallback(Rule& rule, const Node& value) { rule.fallback = value; }

void SchemaReader::title(Rule& rule, const Node& value) {
  if (!value.text()) return refuse(value, "expected text");
  rule.title = *value.text();
}

void SchemaReader::description(Rule& rule, const Node& value) {
  if (!value.text()) return refuse(value, "expected text");
  rule.description = *value.text();
}

void SchemaReader::examples(Rule& rule, const Node& value) {
  if (!value.is(Kind::kArray)) return refuse(value, "expected a list");
  if (!value.items().empty() && value.items().front().text()) {
    rule.example = *value.items().front().text();
  }
}

void SchemaReader::extension(Rule& rule, const Node& value) {
  if (!value.is(Kind::kObject)) return refuse(value, "expected an object");
  for (const auto& [key, mark, part] : value.members()) {
    if (key == "reload" && (part.text() == "hot" || part.text() == "restart")) {
      rule.reload = part.text() == "hot" ? Reload::kHot : Reload::kRestart;
    } else if (key == "secret" && part.boolean()) {
      rule.secret = *part.boolean();
    } else if (key == "unit" && part.text()) {
      rule.unit = *part.text();
    } else {
      refuse(part, "expected reload: hot or restart, secret: true or false, unit: text");
    }
  }
}

void SchemaReader::retired(Rule& rule, const Node& value) {
  if (!value.text() || value.text()->empty()) return refuse(value, "expected what to use instead");
  rule.retired = *value.text();
}

template <std::optional<int64_t> Rule::*Field>
void SchemaReader::count(Rule& rule, const Node& value) {
  if (!value.integer() || *value.integer() < 0) return refuse(value, "expected a count");
  rule.*Field = value.integer();
}

template <std::optional<Node> Rule::*Field>
void SchemaReader::bound(Rule& rule, const Node& value) {
  if (!value.number()) return refuse(value, "expected a number");
  rule.*Field = value;
}

template void SchemaReader::count<&Rule::properties_min>(Rule&, const Node&);
template void SchemaReader::count<&Rule::properties_max>(Rule&, const Node&);
template void SchemaReader::count<&Rule::items_min>(Rule&, const Node&);
template void SchemaReader::count<&Rule::items_max>(Rule&, const Node&);
template void SchemaReader::count<&Rule::length_min>(Rule&, const Node&);
template void SchemaReader::count<&Rule::length_max>(Rule&, const Node&);
template void SchemaReader::bound<&Rule::minimum>(Rule&, const Node&);
template void SchemaReader::bound<&Rule::maximum>(Rule&, const Node&);
template void SchemaReader::bound<&Rule::above>(Rule&, const Node&);
template void SchemaReader::bound<&Rule::below>(Rule&, const Node&);

}  // namespace gantry::config
