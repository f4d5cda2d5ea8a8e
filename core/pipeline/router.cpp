#include "core/pipeline/router.hpp"

#include <algorithm>

#include "core/pipeline/percent.hpp"
#include "gantry/text.hpp"
#include "gantry/uuid.hpp"

namespace gantry::pipeline {
namespace {

constexpr std::array<std::string_view, kMethods> kMethodNames = {"GET", "POST", "PUT", "PATCH",
                                                                 "DELETE"};
constexpr size_t kSegmentsMax = 32;
enum Kind : size_t { kUuid, kInt, kText, kKinds };  // in order of preference

bool is_int(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  if (text.empty() || text.size() > 18) return false;  // 18 digits always fit into int64
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool matches(Kind kind, std::string_view segment) {
  switch (kind) {
    case kUuid:
      return Uuid::parse(segment).has_value();
    case kInt:
      return is_int(segment);
    default:
      return !segment.empty() && segment != "." && segment != "..";
  }
}

// First segment of `rest`, and what follows its slash; `last` when there is none.
std::string_view next_segment(std::string_view& rest, bool& last) {
  const size_t end = rest.find('/');
  const std::string_view segment = rest.substr(0, end);
  last = end == rest.npos;
  rest.remove_prefix(last ? rest.size() : end + 1);
  return segment;
}

}  // namespace

std::optional<Method> method_of(std::string_view name) {
  for (size_t i = 0; i < kMethods; ++i) {
    if (kMethodNames[i] == name) return static_cast<Method>(i);
  }
  return std::nullopt;
}

std::string allow_text(uint8_t methods) {
  std::string out;
  for (size_t i = 0; i < kMethods; ++i) {
    if ((methods & 1U << i) == 0) continue;
    out += kMethodNames[i];
    out += i == static_cast<size_t>(Method::kGet) ? ", HEAD, " : ", ";
  }
  return out += "OPTIONS";
}

struct Router::Node {
  std::vector<std::pair<std::string, std::unique_ptr<Node>>> literals;  // ascending by name
  std::array<std::unique_ptr<Node>, kKinds> params;
  std::array<std::optional<uint32_t>, kMethods> targets;
  uint8_t methods = 0;

  Node* literal(std::string_view name) const {
    const auto at = lower_bound(name);
    return at != literals.end() && at->first == name ? at->second.get() : nullptr;
  }
  Node& literal_or_new(std::string_view name) {
    const auto at = lower_bound(name);
    if (at != literals.end() && at->first == name) return *at->second;
    return *literals.emplace(at, std::string(name), std::make_unique<Node>())->second;
  }
  decltype(literals)::const_iterator lower_bound(std::string_view name) const {
    return std::lower_bound(literals.begin(), literals.end(), name,
                            [](const auto& entry, std::string_view n) { return entry.first < n; });
  }

  // True when a route was found. Depth is bounded by the longest pattern.
  bool find(std::optional<Method> method, std::string_view rest, std::pmr::memory_resource& arena,
            Found& found) const;
  bool end_here(std::optional<Method> method, Found& found) const;
};

bool Router::Node::end_here(std::optional<Method> method, Found& found) const {
  found.methods = static_cast<uint8_t>(found.methods | methods);
  if (!method) return false;
  const auto& target = targets[static_cast<size_t>(*method)];
  if (target) found.target = *target;
  return target.has_value();
}

bool Router::Node::find(std::optional<Method> method, std::string_view rest,
                        std::pmr::memory_resource& arena, Found& found) const {
  bool last = false;
  const auto segment = percent_decoded(next_segment(rest, last), arena);
  if (!segment) {
    found.kind = Found::Kind::kBadEncoding;
    return true;
  }
  const auto go = [&](const Node& node) {
    return last ? node.end_here(method, found) : node.find(method, rest, arena, found);
  };
  if (const Node* node = literal(*segment); node && go(*node)) return true;
  for (size_t kind = 0; kind < kKinds; ++kind) {
    if (!params[kind] || !matches(static_cast<Kind>(kind), *segment)) continue;
    found.params[found.param_count++] = {segment->data(), segment->size()};
    if (go(*params[kind])) return true;
    --found.param_count;
  }
  return false;
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

Found Router::find(std::optional<Method> method, std::string_view path,
                   std::pmr::memory_resource& arena) const {
  Found found;
  if (path.empty() || path[0] != '/') return found;
  if (root_->find(method, path.substr(1), arena, found)) {
    if (found.kind != Found::Kind::kBadEncoding) found.kind = Found::Kind::kRoute;
  } else if (found.methods != 0) {
    found.kind = Found::Kind::kNoMethod;
  }
  return found;
}

std::optional<Router::Refusal> Router::add(std::string_view method, std::string_view pattern,
                                           uint32_t target) {
  const auto known = method_of(method);
  if (!known)
    return Refusal{join("method \"", method, "\" is not one of GET, POST, PUT, PATCH, DELETE"), {}};
  if (pattern.empty() || pattern[0] != '/') return Refusal{"a pattern begins with a slash", {}};
  Node* node = root_.get();
  std::string_view rest = pattern.substr(1);
  size_t segments = 0, parameters = 0;
  for (bool last = false; !last;) {
    const std::string_view segment = next_segment(rest, last);
    if (++segments > kSegmentsMax)
      return Refusal{join("more than ", kSegmentsMax, " segments"), {}};
    if (segment.empty() && !last) return Refusal{"an empty segment", {}};
    if (segment.find_first_of("{}%") == segment.npos) {
      node = &node->literal_or_new(segment);
      continue;
    }
    if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}')
      return Refusal{join("\"", segment, "\" is neither a name nor one {parameter}"), {}};
    const std::string_view inside = segment.substr(1, segment.size() - 2);
    const size_t colon = inside.find(':');
    const std::string_view type = colon == inside.npos ? "text" : inside.substr(colon + 1);
    const Kind kind = type == "uuid"   ? kUuid
                      : type == "int"  ? kInt
                      : type == "text" ? kText
                                       : kKinds;
    if (kind == kKinds || colon == 0)
      return Refusal{join("\"", segment, "\" has a type that is not uuid, int or text"), {}};
    if (++parameters > kParamsMax)
      return Refusal{join("more than ", kParamsMax, " parameters"), {}};
    if (!node->params[kind]) node->params[kind] = std::make_unique<Node>();
    node = node->params[kind].get();
  }
  auto& slot = node->targets[static_cast<size_t>(*known)];
  if (slot) return Refusal{"the same method and path", slot};
  slot = target;
  node->methods = static_cast<uint8_t>(node->methods | 1U << static_cast<size_t>(*known));
  return std::nullopt;
}

}  // namespace gantry::pipeline
