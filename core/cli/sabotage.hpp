// What a test asks of this process through its environment: GANTRY_FAIL, GANTRY_CLOCK_SKEW and
// GANTRY_MUTATE, in builds that obey them.
#pragma once
#include <string>

namespace gantry::cli {

// Arms what is asked for and says so on stderr.  returns  one sentence when it is not understood
std::string take_sabotage();  // [setup]

}  // namespace gantry::cli
