// Version: "1.4.0" or "1.4.0-rc.1+build", ordered as semver.org 2.0.0 section 11 says.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gantry::plugins {

struct Version {
  uint32_t major = 0, minor = 0, patch = 0;
  std::string pre;  // "rc.1"; empty for a release

  // nullopt for anything that is not a semantic version. Build metadata is accepted and dropped.
  static std::optional<Version> parse(std::string_view text);
  std::string text() const;

  friend bool operator==(const Version&, const Version&) = default;
  friend std::strong_ordering operator<=>(const Version& a, const Version& b);
};

}  // namespace gantry::plugins
