// Percent-decoding of one path segment (RFC 3986 section 2.1).
#pragma once
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string_view>

namespace gantry::pipeline {

// `text` itself when nothing is encoded; else decoded into `arena`. nullopt: a broken triplet, or
// what comes out is not UTF-8 or holds a control character.
std::optional<std::string_view> percent_decoded(std::string_view text,
                                                std::pmr::memory_resource& arena);

}  // namespace gantry::pipeline
