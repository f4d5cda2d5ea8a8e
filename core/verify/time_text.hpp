// Times as they stand in events: RFC 3339 in UTC, "2026-11-23T08:15:30.123Z".
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace gantry::verify {

std::optional<int64_t> time_in(std::string_view text);  // microseconds since 1970

}  // namespace gantry::verify
