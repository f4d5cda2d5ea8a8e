#include "core/config/defaults.hpp"

#include <utility>

#include "core/config/validate.hpp"

namespace gantry::config {
namespace {

// Far beyond any real schema; defaults_end() refuses those that get there.
constexpr size_t kNestedMax = 32;
constexpr size_t kAddedMax = 10'000;

class Fill {
 public:
  explicit Fill(bool adds) : adds_(adds) {}

  Node run(const Node& written, const Rule& rule) {
    if (written.failed()) return written;
    Node node = adds_ ? settled(written, rule) : written;
    if (is_secret(rule)) node = node.as_secret();
    if (rule.ref) node = run(node, *rule.ref);
    for (const auto* branches : {&rule.any_of, &rule.one_of}) {
      if (const Rule* branch = passed(node, *branches)) node = run(node, *branch);
    }
    if (node.is(Kind::kArray) && rule.items) return run_items(node, *rule.items);
    return node.is(Kind::kObject) ? run_members(node, rule) : node;
  }

  bool cut_short() const { return cut_short_; }

 private:
  static const Rule* passed(const Node& node, const std::vector<const Rule*>& branches) {
    for (const Rule* branch : branches) {
      if (validate(node, *branch).ok()) return branch;
    }
    return nullptr;
  }

  Node run_items(const Node& node, const Rule& rule) {
    Node::Array items;
    for (const auto& item : node.items()) items.push_back(run(item, rule));
    return node.with(Node::Value(std::move(items)));
  }

  Node run_members(const Node& node, const Rule& rule) {
    Node::Object members;
    for (const auto& [key, mark, value] : node.members()) {
      const Rule* property = rule.property(key);
      const Rule* applies = property ? property : rule.additional;
      members.push_back({key, mark, applies ? run(value, *applies) : value});
    }
    for (const auto& [name, property] : rule.properties) {
      if (adds_ && property->fallback && !node.member(name)) add(members, name, *property);
    }
    return node.with(Node::Value(std::move(members)));
  }

  void add(Node::Object& members, const std::string& name, const Rule& rule) {
    if (nested_ >= kNestedMax || added_ >= kAddedMax) {
      cut_short_ = true;
      return;
    }
    ++added_;
    ++nested_;
    members.push_back({name, {}, run(without_marks(*rule.fallback), rule)});
    --nested_;
  }

  // The schema's own lines mean nothing to a deployer.
  static Node without_marks(const Node& node) {
    if (node.is(Kind::kArray)) {
      Node::Array items;
      for (const auto& item : node.items()) items.push_back(without_marks(item));
      return Node(std::move(items));
    }
    if (!node.is(Kind::kObject)) return Node(node.value());
    Node::Object members;
    for (const auto& [key, mark, value] : node.members())
      members.push_back({key, {}, without_marks(value)});
    return Node(std::move(members));
  }

  const bool adds_;
  bool cut_short_ = false;
  size_t nested_ = 0;
  size_t added_ = 0;
};

}  // namespace

Node apply_defaults(const Node& node, const Rule& rule) { return Fill(true).run(node, rule); }
Node apply_defaults(const Node& node, const Schema& schema) {
  return apply_defaults(node, schema.root());
}

Node mark_secrets(const Node& node, const Schema& schema) {
  return Fill(false).run(node, schema.root());
}

bool defaults_end(const Rule& rule) {
  Fill fill(true);
  if (rule.fallback) fill.run(*rule.fallback, rule);
  return !fill.cut_short();
}

}  // namespace gantry::config
