// What a group changes, as statements to PostgreSQL: one for all rows of a kind.
#pragma once
#include "core/log/pg_link.hpp"
#include "core/log/store.hpp"

namespace gantry::log {

// Sends them in their order and returns how many there are; each has one answer to take(). `values`
// is what their parameters are put together in, anew for each.
//   throws  as PgLink::send
size_t send_changes(PgLink& link, PgValues& values, const Changes& changes);

// Adds the parameters that tell of new streams and of events: nine columns of the events after two
// of the streams.
void add_events(PgValues& values, const Changes& changes);

}  // namespace gantry::log
