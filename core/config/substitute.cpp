#include "core/config/substitute.hpp"

#include <cctype>
#include <cstdlib>
#include <utility>

#include "core/config/quote.hpp"
#include "core/config/scalar.hpp"
#include "core/config/source_text.hpp"
#include "gantry/text.hpp"

namespace gantry::config {
namespace {

constexpr size_t kFileBytesMax = 64 * 1024;
constexpr std::string_view kFilePrefix = "file:";

bool is_name(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0]))) return false;
  for (const char c : text) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') return false;
  }
  return true;
}

// One scalar: its text is read front to back, once; what comes out of a substitution is not read
// again.
class Scalar {
 public:
  explicit Scalar(const Environment& environment) : environment_(environment) {}

  void resolve(std::string_view rest) {
    while (true) {
      const auto at = rest.find("${");
      if (at == std::string_view::npos) break;
      if (at > 0 && rest[at - 1] == '$') {  // $${
        text.append(rest.substr(0, at - 1)).append("${");
        rest.remove_prefix(at + 2);
        continue;
      }
      text += rest.substr(0, at);
      const auto end = rest.find('}', at);
      if (end == std::string_view::npos) return malformed();
      expand(rest.substr(at + 2, end - at - 2));
      rest.remove_prefix(end + 1);
    }
    text += rest;
  }

  std::string text;
  std::vector<std::string> reasons;
  bool substituted = false;
  bool secret = false;

 private:
  void malformed() {
    reasons.push_back(
        "expected ${NAME}, ${NAME:-default} or ${file:/path} (write $${ for a literal ${)");
  }

  void expand(std::string_view inside) {
    substituted = true;
    if (inside.starts_with(kFilePrefix)) return expand_file(inside.substr(kFilePrefix.size()));
    const auto separator = inside.find(":-");
    const std::string name(inside.substr(0, separator));
    if (!is_name(name)) return malformed();
    const bool has_default = separator != std::string_view::npos;
    auto value = environment_(name);
    if (has_default && (!value || value->empty()))
      value = std::string(inside.substr(separator + 2));
    if (!value) {
      reasons.push_back(join("the environment variable ", name, " is not set"));
    } else if (first_bad_utf8(*value)) {
      reasons.push_back(join("the environment variable ", name, " is not valid UTF-8"));
    } else {
      text += *value;
    }
  }

  void expand_file(std::string_view path) {
    secret = true;
    if (path.empty()) return malformed();
    const auto content = read_file(std::string(path), kFileBytesMax);
    if (!content.ok()) {
      reasons.push_back(join("the file ", quoted(path), " cannot be read: ", content.reason()));
    } else if (first_bad_utf8(*content)) {
      reasons.push_back(join("the file ", quoted(path), " is not valid UTF-8"));
    } else {
      std::string_view value = *content;
      if (value.ends_with("\r\n")) value.remove_suffix(1);
      if (value.ends_with('\n') || value.ends_with('\r')) value.remove_suffix(1);
      text += value;
    }
  }

  const Environment& environment_;
};

class Pass {
 public:
  Pass(const Environment& environment, std::vector<Fault>& faults)
      : environment_(environment), faults_(faults) {}

  Node run(const Node& node, const std::string& path) {
    if (node.is(Kind::kArray)) {
      Node::Array items;
      for (const auto& item : node.items()) items.push_back(run(item, path_of(path, items.size())));
      return node.with(Node::Value(std::move(items)));
    }
    if (node.is(Kind::kObject)) {
      Node::Object members;
      for (const auto& [key, mark, value] : node.members()) {
        members.push_back({key, mark, run(value, path_of(path, key))});
      }
      return node.with(Node::Value(std::move(members)));
    }
    const bool pending =
        node.substitution() && node.substitution()->state == Substitution::State::kPending;
    return pending ? resolve(node, path) : node;
  }

 private:
  Node resolve(const Node& node, const std::string& path) {
    Substitution substitution = *node.substitution();
    Scalar scalar(environment_);
    scalar.resolve(substitution.written);
    Node::Value value(scalar.text);
    if (scalar.reasons.empty() && scalar.substituted && substitution.plain) {
      auto typed = plain_value(scalar.text);
      if (!typed.ok()) scalar.reasons.push_back(typed.reason());
      if (typed.ok()) value = std::move(*typed);
    }
    for (const auto& reason : scalar.reasons) faults_.push_back({node.mark(), path, reason});
    if (!scalar.substituted && scalar.reasons.empty())
      return Node(value, node.mark(), node.origin());
    substitution.resolved = std::move(scalar.text);
    substitution.state =
        scalar.reasons.empty() ? Substitution::State::kDone : Substitution::State::kFailed;
    return node.with(std::move(value)).with(std::move(substitution)).as_secret(scalar.secret);
  }

  const Environment& environment_;
  std::vector<Fault>& faults_;
};

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
}

Node substitute(const Node& root, const Environment& environment, std::vector<Fault>& faults) {
  return Pass(environment, faults).run(root, "");
}

Result<std::string, std::string> substituted(std::string_view text,
                                             const Environment& environment) {
  Scalar scalar(environment);
  scalar.resolve(text);
  if (!scalar.reasons.empty()) return Refused{std::move(scalar.reasons.front())};
  return std::move(scalar.text);
}

}  // namespace gantry::config
