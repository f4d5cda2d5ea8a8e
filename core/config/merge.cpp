#include "core/config/merge.hpp"

#include <algorithm>
#include <utility>

#include "core/config/quote.hpp"
#include "core/config/source_text.hpp"
#include "core/config/yaml_reader.hpp"
#include "gantry/text.hpp"

namespace gantry::config {
namespace {

// One part of a dotted key, with its place in the argument.
struct Step {
  std::string key;
  Mark mark;
};

std::vector<Step> split(std::string_view path, int number) {
  std::vector<Step> steps;
  int column = 1;
  while (true) {
    const auto dot = path.find('.');
    steps.push_back({std::string(path.substr(0, dot)), {"--set", number, column}});
    if (dot == std::string_view::npos) return steps;
    column += static_cast<int>(characters(path.substr(0, dot + 1)));
    path.remove_prefix(dot + 1);
  }
}

// The first step on which something other than an object is in the way, as a path.
std::string blocked_at(const Node& base, const std::vector<Step>& steps) {
  const Node* at = &base;
  std::string path;
  for (size_t i = 0; i + 1 < steps.size(); ++i) {
    const auto* member = at->member(steps[i].key);
    if (!member) return "";
    at = &member->value;
    path = path_of(path, steps[i].key);
    if (at->is(Kind::kArray)) return path;
  }
  return "";
}

// "sqlite:" is text to whoever types it; YAML takes it for a key without a value.
bool is_bare_key(const Node& value, std::string_view text) {
  return text.ends_with(':') && value.members().size() == 1 &&
         value.members().front().value.is(Kind::kNull) && !text.starts_with('{');
}

}  // namespace

Node merge(Node base, const Node& over) {
  if (!base.is(Kind::kObject) || !over.is(Kind::kObject)) return over;
  Node::Object members = base.members();
  for (const auto& member : over.members()) {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const Node::Member& m) { return m.key == member.key; });
    if (found == members.end()) {
      members.push_back(member);
    } else {
      const bool both = found->value.is(Kind::kObject) && member.value.is(Kind::kObject);
      found->value = merge(std::move(found->value), member.value);
      if (!both) found->key_mark = member.key_mark;
    }
  }
  return base.with(Node::Value(std::move(members)));
}

Node override_with(Node base, std::string_view argument, int number, std::vector<Fault>& faults) {
  const Mark start{"--set", number, 1};
  const auto equals = argument.find('=');
  const auto key = argument.substr(0, equals);
  const auto steps = split(key, number);
  const auto refuse = [&](std::string why) {
    faults.push_back({start, "", std::move(why)});
    return base;
  };
  if (equals == std::string_view::npos) return refuse("expected key=value");
  if (SourceText(std::string(key), start).unreadable())
    return refuse("the key is not readable text");
  if (std::any_of(steps.begin(), steps.end(), [](const Step& s) { return s.key.empty(); })) {
    return refuse(join("expected a dotted key such as http.listen, found ", quoted(key)));
  }
  if (steps.size() > kDepthMax) return refuse("the key has too many steps");
  if (const auto list = blocked_at(base, steps); !list.empty()) {
    return refuse(join(list, " is a list; it can only be replaced as a whole"));
  }
  const Mark value_mark{"--set", number, static_cast<int>(characters(key)) + 2};
  const SourceText source(std::string(argument.substr(equals + 1)), value_mark);
  auto value = read_yaml(source, Origin::kOverride, key, faults);
  if (!value) return base;
  if (is_bare_key(*value, argument.substr(equals + 1)))
    value = Node(std::string(argument.substr(equals + 1)), value_mark, Origin::kOverride);
  if (value->mark().line == 0) value = value->with(value_mark);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    Node::Object one;
    one.push_back({step->key, step->mark, *std::move(value)});
    value = Node(std::move(one), step->mark, Origin::kOverride);
  }
  return merge(std::move(base), *value);
}

}  // namespace gantry::config
