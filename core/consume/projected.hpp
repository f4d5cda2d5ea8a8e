// es_projected: which events a projection has applied, written in the transaction of their rows.
// Only builds with fail points do so, and only where a test has made the table:
//
//   CREATE TABLE es_projected (consumer TEXT NOT NULL, version BIGINT NOT NULL, position BIGINT NOT
//   NULL)
#pragma once
#include <cstdint>
#include <string>

#include "core/log/log.hpp"
#include "core/sql/database.hpp"

namespace gantry::consume {

// Is there such a table?  [bus]
bool notes_projected(sql::Database& database);

void note_projected(sql::Session& session, const std::string& consumer, uint32_t version,
                    log::Position position);

}  // namespace gantry::consume
