#include "core/config/formats.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace gantry::config {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Decimal without sign, at most `max`; nullopt otherwise.
std::optional<int> number(std::string_view text, int max) {
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return whole && is_digit(text[0]) && value <= max ? std::optional(value) : std::nullopt;
}

bool is_address(int family, std::string_view text) {
  unsigned char bytes[16];
  return inet_pton(family, std::string(text).c_str(), bytes) == 1;
}

// RFC 1123 section 2.1; a name of digits and dots must be an IPv4 address.
bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  if (std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; })) {
    return is_address(AF_INET, text);
  }
  size_t label = 0;
  char before = '.';
  for (const char c : text) {
    if (c == '.' && (before == '.' || before == '-')) return false;
    if (c == '-' && before == '.') return false;
    if (c != '.' && c != '-' && !is_digit(c) && !is_letter(c)) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63) return false;
    before = c;
  }
  return before != '.' && before != '-';
}

bool is_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !number(text.substr(colon + 1), 65535)) return false;
  const auto host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    return is_address(AF_INET6, host.substr(1, host.size() - 2));
  }
  return is_host(host);
}

bool is_url(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const auto scheme = text.substr(0, colon);
  const bool scheme_ok =
      is_letter(scheme[0]) && std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
      });
  return scheme_ok && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
         });
}

bool is_duration(std::string_view text) {
  const auto digits_end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto digits = static_cast<size_t>(digits_end - text.begin());
  const auto unit = text.substr(digits);
  return digits > 0 && digits <= 9 &&
         (unit == "ms" || unit == "s" || unit == "m" || unit == "h" || unit == "d");
}

bool is_cidr(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  const bool v4 = is_address(AF_INET, address);
  if (!v4 && !is_address(AF_INET6, address)) return false;
  return slash == std::string_view::npos || number(text.substr(slash + 1), v4 ? 32 : 128);
}

}  // namespace

std::optional<Format> format_named(std::string_view name) {
  if (name == "listen-address") return Format::kListenAddress;
  if (name == "url") return Format::kUrl;
  if (name == "duration") return Format::kDuration;
  if (name == "cidr") return Format::kCidr;
  return std::nullopt;
}

std::string_view description_of(Format format) {
  switch (format) {
    case Format::kListenAddress:
      return "host:port such as 127.0.0.1:8080, [::1]:8080, or 0.0.0.0:8080 for every address";
    case Format::kUrl:
      return "a URL";
    case Format::kDuration:
      return "a duration such as 30s";
    case Format::kCidr:
      return "an address range such as 10.0.0.0/8";
  }
  return "a string";
}

bool matches(Format format, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return false;
  switch (format) {
    case Format::kListenAddress:
      return is_listen_address(text);
    case Format::kUrl:
      return is_url(text);
    case Format::kDuration:
      return is_duration(text);
    case Format::kCidr:
      return is_cidr(text);
  }
  return false;
}

}  // namespace gantry::config
