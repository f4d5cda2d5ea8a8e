#include "core/runtime/loop.hpp"

#include <utility>

namespace gantry::runtime {
namespace {
thread_local Loop* current = nullptr;
}

Loop* this_loop() { return current; }

LoopScope::LoopScope(Loop& loop) : outer_(std::exchange(current, &loop)) {}
LoopScope::~LoopScope() { current = outer_; }

}  // namespace gantry::runtime
