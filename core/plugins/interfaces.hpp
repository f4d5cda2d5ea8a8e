// Interfaces: the tables this host has, with the size it knows each at. One line per header in
// gantry/abi.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/plugins/manifest.hpp"

namespace gantry::plugins {

struct Interface {
  std::string_view id;
  uint32_t size = 0;
  bool draft = false;  // may change without a new major; asking for it needs `draft: true`
};

std::span<const Interface> interfaces();
// Null when this host has no interface of that id.
const Interface* find_interface(std::string_view id);

// Why this host cannot serve what the manifest needs, as one sentence that reads on after the
// plugin's name; empty when it can.
std::string interface_refusal(const Manifest& manifest, std::string_view host_version,
                              bool allow_draft);

}  // namespace gantry::plugins
