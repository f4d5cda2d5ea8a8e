// pause(): lets time pass on this thread, between two tries of something that another machine must
// do first. Not on event loops.
#pragma once
#include <chrono>

namespace gantry::runtime {

void pause(std::chrono::milliseconds time);  // [worker] [bus] [setup], threads of one's own

}  // namespace gantry::runtime
