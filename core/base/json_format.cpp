#include "core/base/json_format.hpp"

#include "gantry/instant.hpp"
#include "gantry/text.hpp"
#include "gantry/uuid.hpp"

namespace gantry::base {
namespace {

bool is_uuid(std::string_view text) { return Uuid::parse(text).has_value(); }
bool is_date_time(std::string_view text) { return Instant::parse(text).has_value(); }
bool is_date(std::string_view text) {
  return text.size() == 10 && Instant::parse(join(text, "T00:00:00Z")).has_value();
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// 1..63 letters, digits and inner hyphens (RFC 1035).
bool is_host_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
    return false;
  for (const char c : label) {
    if (!is_alphanumeric(c) && c != '-') return false;
  }
  return true;
}

// What a browser's <input type=email> takes (HTML Living Standard), with the lengths of RFC 5321.
bool is_email(std::string_view text) {
  const size_t at = text.find('@');
  if (at == text.npos || at == 0 || at > 64 || text.size() > 254) return false;
  for (const char c : text.substr(0, at)) {
    if (!is_alphanumeric(c) && std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) == text.npos)
      return false;
  }
  for (std::string_view rest = text.substr(at + 1);;) {
    const size_t dot = rest.find('.');
    if (!is_host_label(rest.substr(0, dot))) return false;
    if (dot == rest.npos) return true;
    rest.remove_prefix(dot + 1);
  }
}

}  // namespace

JsonFormat json_format(std::string_view name) {
  if (name == "uuid") return is_uuid;
  if (name == "date-time") return is_date_time;
  if (name == "date") return is_date;
  if (name == "email") return is_email;
  return nullptr;
}

}  // namespace gantry::base
