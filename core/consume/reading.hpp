// Reading on from a mark, with the checks that every reader of the log makes.
#pragma once
#include <cstdint>
#include <vector>

#include "core/consume/checkpoint.hpp"
#include "core/consume/event_source.hpp"

namespace gantry::consume {

// The events after `mark`, at most `max`; empty when there are none yet.
//   throws  Halt         the event at `mark` is another one, or a position is missing
//           Unavailable  as EventSource::after
std::vector<log::EventPtr> read_after(EventSource& source, const Mark& mark, uint32_t max);

}  // namespace gantry::consume
