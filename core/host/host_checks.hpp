// The health checks that the host itself declares: storage, consumers, plugins.
#pragma once
#include <vector>

#include "core/plugins/health_board.hpp"

namespace gantry::host {

struct Parts;

// `parts` outlives the checks. Details are one word, or a word and names: anybody may read them.
std::vector<plugins::HealthCheck> host_checks(Parts& parts);

}  // namespace gantry::host
