// Node: one value of the configuration tree, with the place it was written at. Immutable: the
// readers build it, everybody else only looks.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/config/fault.hpp"

namespace gantry::config {

// In the order of Node::Value's alternatives.
enum class Kind { kNull, kBoolean, kInteger, kNumber, kString, kArray, kObject };

enum class Origin { kFile, kOverride, kDefault };
// "file", "override" (--set), "default"
std::string_view name_of(Origin origin);

// What a string scalar with ${…} went through (substitute.hpp).
struct Substitution {
  enum class State { kPending, kDone, kFailed };

  std::string written;   // as in the source: "${PORT}"
  std::string resolved;  // after substitution, before typing
  bool plain = false;    // without quotes, so the result is typed again
  State state = State::kPending;
};

class Node {
 public:
  struct Member;
  using Array = std::vector<Node>;
  using Object = std::vector<Member>;  // in file order, keys unique
  using Value = std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object>;

  Node() = default;
  explicit Node(Value value, Mark mark = {}, Origin origin = Origin::kDefault);

  Kind kind() const { return static_cast<Kind>(value_.index()); }
  bool is(Kind kind) const { return this->kind() == kind; }
  const Value& value() const { return value_; }
  const Mark& mark() const { return mark_; }
  Origin origin() const { return origin_; }
  // True for values from ${file:…}, and for what a schema calls secret once apply_defaults has run.
  bool secret() const { return secret_; }
  // Null unless the scalar contained ${…}.
  const Substitution* substitution() const { return substitution_ ? &*substitution_ : nullptr; }
  // A ${…} in it could not be resolved: the fault is already reported, the value means nothing.
  bool failed() const;

  // Empty when this is no array / no object.
  const Array& items() const;
  const Object& members() const;
  // Null when there is no such key.
  const Member* member(std::string_view key) const;
  // "http.listen" from here; null when a step is missing. A key that contains a dot is out of
  // reach.
  const Node* find(std::string_view path) const;

  // This value, or nullopt when it is of another kind; number() takes integers too.
  std::optional<std::string_view> text() const;
  std::optional<int64_t> integer() const;
  std::optional<double> number() const;
  std::optional<bool> boolean() const;
  // The value at `path`, or `fallback` when it is missing or of another kind.
  std::string text(std::string_view path, std::string_view fallback) const;
  int64_t integer(std::string_view path, int64_t fallback) const;
  double number(std::string_view path, double fallback) const;
  bool boolean(std::string_view path, bool fallback) const;

  // Copies with one thing changed, for the passes that make the tree.
  Node with(Value value) const;
  Node with(Mark mark) const;
  Node with(Substitution substitution) const;
  Node as_secret(bool secret = true) const;

 private:
  Value value_;
  Mark mark_;
  Origin origin_ = Origin::kDefault;
  bool secret_ = false;
  std::optional<Substitution> substitution_;
};

struct Node::Member {
  std::string key;
  Mark key_mark;
  Node value;
};

// Same JSON value; 1 and 1.0 are the same, member order does not matter.
bool same_value(const Node& a, const Node& b);

}  // namespace gantry::config
