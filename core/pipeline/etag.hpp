// If-None-Match (RFC 9110 section 13.1.2).
#pragma once
#include <string_view>

namespace gantry::pipeline {

// True when `etag` is in the list, by weak comparison; "*" stands for every entity.
bool none_match_hits(std::string_view list, std::string_view etag);

}  // namespace gantry::pipeline
