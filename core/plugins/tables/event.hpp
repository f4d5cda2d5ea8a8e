// An event of the log as it crosses the boundary.
#pragma once
#include <optional>

#include "core/log/event_types.hpp"
#include "core/log/log.hpp"
#include "gantry/abi/log.h"
#include "gantry/guard.hpp"

namespace gantry::plugins {

// In the current version of its type, whatever version was stored. Borrows the original.
class CurrentEvent {
 public:
  //   throws  as EventTypes::upcast
  CurrentEvent(const log::Event& stored, log::EventTypes& types)
      : upcast_(types.upcast(stored.type, stored.data)),
        raw_{sizeof(gantry_event),
             0,
             stored.position,
             to_abi(stored.stream),
             stored.version,
             stored.id.raw(),
             to_abi(upcast_ ? upcast_->type : stored.type),
             to_abi(upcast_ ? upcast_->data : stored.data),
             to_abi(stored.meta),
             stored.recorded_at.us()} {}
  CurrentEvent(const CurrentEvent&) = delete;
  CurrentEvent& operator=(const CurrentEvent&) = delete;

  const gantry_event& raw() const { return raw_; }

 private:
  const std::optional<log::EventTypes::Event> upcast_;
  const gantry_event raw_;
};

}  // namespace gantry::plugins
