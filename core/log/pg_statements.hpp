// What the log's writing connection to PostgreSQL asks and writes, each by its name.
#pragma once
#include <vector>

#include "core/log/pg_link.hpp"

namespace gantry::log {

const std::vector<PgStatement>& store_statements();

}  // namespace gantry::log
