// The JSON Schema of the host's own sections. Its descriptions, defaults and bounds are the
// reference documentation of the configuration; host_schema.cpp is the place to change them.
#pragma once
#include <string_view>

namespace gantry::config {

std::string_view host_schema();

}  // namespace gantry::config
