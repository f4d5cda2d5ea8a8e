// What keeps the server from starting, at the place of the configuration that it is about.
#pragma once
#include "core/config/fault.hpp"
#include "core/config/node.hpp"
#include "core/plugins/registry.hpp"

namespace gantry::host {

// The fault with file, line and column of its key; without them when the key is not written
// anywhere.
config::Fault located(const plugins::StartFault& fault, const config::Node& root);

}  // namespace gantry::host
