// I5: the positions that a subscriber was given, one a line: each is the one after the last. A line
// "from N" declares that it asks again from N on.
#pragma once
#include <istream>
#include <string>

#include "core/verify/report.hpp"

namespace gantry::verify {

//   name  of the subscriber, for the report
void check_subscriber(std::istream& lines, const std::string& name, int64_t head, Report& report);

}  // namespace gantry::verify
