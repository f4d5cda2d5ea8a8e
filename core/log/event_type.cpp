#include "core/log/event_type.hpp"

#include <charconv>

#include "core/sql/migrations.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Words of letters, digits and '_' that begin with a letter, at least two, joined by dots.
bool is_name(std::string_view name) {
  bool start = true;
  bool dotted = false;
  for (const char c : name) {
    if (start ? !is_letter(c) : !(is_letter(c) || is_digit(c) || c == '_' || c == '.'))
      return false;
    start = c == '.';
    dotted = dotted || start;
  }
  return dotted && !start;
}

std::string canonical(const gantry_json_node* schema) {
  std::string text;
  base::json::write_canonical(schema, text);
  return text;
}

}  // namespace

std::string TypeName::of_version(uint32_t other) const { return join(name, ".v", other); }

std::optional<TypeName> parse_type(std::string_view type) {
  const size_t dot = type.rfind(".v");
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view name = type.substr(0, dot), digits = type.substr(dot + 2);
  if (!is_name(name) || digits.empty() || !is_digit(digits[0]) || digits[0] == '0')
    return std::nullopt;
  uint32_t version = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), version);
  if (error != std::errc() || end != digits.end()) return std::nullopt;
  return TypeName{name, name.substr(0, name.rfind('.')), version};
}

DeclaredType declared_type(std::string_view type, std::string_view schema, Upcast upcast) {
  if (!parse_type(type)) {
    throw Error(Code::kInvalid, join("event type \"", type,
                                     "\" must be \"<plugin>.<past_tense>.v<N>\" with N from 1"));
  }
  try {
    auto check = std::make_shared<const base::JsonSchema>(schema);
    base::JsonDocument document;
    document.parse(schema);  // JsonSchema has taken it, so it is JSON
    return {std::string(type), std::string(schema), sql::sha256_hex(canonical(document.root())),
            std::move(check), std::move(upcast)};
  } catch (const Error& error) {
    throw Error(Code::kInvalid, join("event type ", type, ": ", error.detail()));
  }
}

}  // namespace gantry::log
