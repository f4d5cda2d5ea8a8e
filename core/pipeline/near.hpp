// near(): the known name somebody may have meant.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace gantry::pipeline {

// The name with the fewest edits to `name`, at most a third of its length; empty when none is
// close.
std::string near(std::string_view name, const std::vector<std::string>& known);

}  // namespace gantry::pipeline
