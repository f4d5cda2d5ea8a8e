#include "core/config/node.hpp"

#include <algorithm>
#include <utility>

namespace gantry::config {

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::kFile:
      return "file";
    case Origin::kOverride:
      return "override";
    case Origin::kDefault:
      return "default";
  }
  return "unknown";
}

Node::Node(Value value, Mark mark, Origin origin)
    : value_(std::move(value)), mark_(std::move(mark)), origin_(origin) {}

bool Node::failed() const {
  return substitution_ && substitution_->state == Substitution::State::kFailed;
}

const Node::Array& Node::items() const {
  static const Array kNone;
  const auto* array = std::get_if<Array>(&value_);
  return array ? *array : kNone;
}

const Node::Object& Node::members() const {
  static const Object kNone;
  const auto* object = std::get_if<Object>(&value_);
  return object ? *object : kNone;
}

const Node::Member* Node::member(std::string_view key) const {
  const auto& all = members();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Member& m) { return m.key == key; });
  return found == all.end() ? nullptr : &*found;
}

const Node* Node::find(std::string_view path) const {
  const Node* at = this;
  while (true) {
    const auto dot = path.find('.');
    const auto* step = at->member(path.substr(0, dot));
    if (!step) return nullptr;
    at = &step->value;
    if (dot == std::string_view::npos) return at;
    path.remove_prefix(dot + 1);
  }
}

std::optional<std::string_view> Node::text() const {
  const auto* value = std::get_if<std::string>(&value_);
  return value ? std::optional<std::string_view>(*value) : std::nullopt;
}

std::optional<int64_t> Node::integer() const {
  const auto* value = std::get_if<int64_t>(&value_);
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<double> Node::number() const {
  if (const auto whole = integer()) return static_cast<double>(*whole);
  const auto* value = std::get_if<double>(&value_);
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<bool> Node::boolean() const {
  const auto* value = std::get_if<bool>(&value_);
  return value ? std::optional(*value) : std::nullopt;
}

std::string Node::text(std::string_view path, std::string_view fallback) const {
  const Node* node = find(path);
  return std::string(node ? node->text().value_or(fallback) : fallback);
}

int64_t Node::integer(std::string_view path, int64_t fallback) const {
  const Node* node = find(path);
  return node ? node->integer().value_or(fallback) : fallback;
}

double Node::number(std::string_view path, double fallback) const {
  const Node* node = find(path);
  return node ? node->number().value_or(fallback) : fallback;
}

bool Node::boolean(std::string_view path, bool fallback) const {
  const Node* node = find(path);
  return node ? node->boolean().value_or(fallback) : fallback;
}

Node Node::with(Value value) const {
  Node copy(std::move(value), mark_, origin_);
  copy.secret_ = secret_;
  copy.substitution_ = substitution_;
  return copy;
}

Node Node::with(Mark mark) const {
  Node copy = *this;
  copy.mark_ = std::move(mark);
  return copy;
}

Node Node::with(Substitution substitution) const {
  Node copy = *this;
  copy.substitution_ = std::move(substitution);
  return copy;
}

Node Node::as_secret(bool secret) const {
  Node copy = *this;
  copy.secret_ = secret;
  return copy;
}

bool same_value(const Node& a, const Node& b) {
  if (a.number() && b.number()) {
    return a.integer() && b.integer() ? *a.integer() == *b.integer() : *a.number() == *b.number();
  }
  if (a.kind() != b.kind()) return false;
  if (a.is(Kind::kArray)) {
    return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(),
                      same_value);
  }
  if (a.is(Kind::kObject)) {
    return a.members().size() == b.members().size() &&
           std::all_of(a.members().begin(), a.members().end(), [&](const Node::Member& member) {
             const auto* other = b.member(member.key);
             return other && same_value(member.value, other->value);
           });
  }
  return a.text() == b.text() && a.boolean() == b.boolean();
}

}  // namespace gantry::config
