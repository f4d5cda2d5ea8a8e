// The event types that the plugins of this project declare, and the codecs of their aggregates.
#pragma once
#include <string>
#include <vector>

#include "core/log/event_types.hpp"

namespace gantry::golden {

// The host's own among them; with their upcasters.
std::vector<log::DeclaredType> shipped_types();

// The event, in its current version, decoded by its aggregate and encoded again; as it is when no
// aggregate reads it.
//   throws  Error  the codec does not take it
std::string through_its_codec(const std::string& type, const std::string& data);

}  // namespace gantry::golden
