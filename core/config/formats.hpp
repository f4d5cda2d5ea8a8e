// The values of the schema keyword "format" that are known and checked.
#pragma once
#include <optional>
#include <string_view>

namespace gantry::config {

enum class Format {
  kListenAddress,  // "listen-address": 127.0.0.1:8080, [::1]:8080, localhost:0
  kUrl,            // "url": scheme:rest, without spaces
  kDuration,       // "duration": 250ms, 30s, 15m, 24h, 7d
  kCidr,           // "cidr": 10.0.0.0/8, ::1/128, or one address
};

std::optional<Format> format_named(std::string_view name);
// "a duration such as 30s"
std::string_view description_of(Format format);
bool matches(Format format, std::string_view text);

}  // namespace gantry::config
