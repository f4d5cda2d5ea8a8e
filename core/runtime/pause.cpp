#include "core/runtime/pause.hpp"

#include <thread>

namespace gantry::runtime {

void pause(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

}  // namespace gantry::runtime
