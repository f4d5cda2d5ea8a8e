// I7, the witness: every checkpoint lies inside the log, and the event there is the one it names.
#pragma once
#include "core/verify/database.hpp"
#include "core/verify/report.hpp"

namespace gantry::verify {

// where: which database `checkpoints` is, for the report.
void check_checkpoints(Database& checkpoints, Database& events, const std::string& where,
                       Report& report);

}  // namespace gantry::verify
