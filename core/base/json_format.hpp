// The values of `format` that schemas may name.
#pragma once
#include <string_view>

namespace gantry::base {

using JsonFormat = bool (*)(std::string_view text);

// The check of that name (uuid, date-time, date, email), or null when there is none.
JsonFormat json_format(std::string_view name);

}  // namespace gantry::base
