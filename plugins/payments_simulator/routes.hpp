// Routes of the simulator. [worker]
#pragma once
#include "gantry/context.hpp"

namespace gantry::payments_simulator {

// GET /admin/simulator/ledger: the provider's books, to compare with ours.
Response show_ledger(const Host& host, int64_t entries_max);

}  // namespace gantry::payments_simulator
