// An event of the log as it crosses the boundary; borrows the original.
#pragma once
#include "core/log/log.hpp"
#include "gantry/abi/log.h"
#include "gantry/guard.hpp"

namespace gantry::plugins {

inline gantry_event raw_event(const log::Event& event) {
  return {sizeof(gantry_event), 0,
          event.position,       to_abi(event.stream),
          event.version,        event.id.raw(),
          to_abi(event.type),   to_abi(event.data),
          to_abi(event.meta),   event.recorded_at.us()};
}

}  // namespace gantry::plugins
