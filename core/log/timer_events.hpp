// What a durable timer becomes when it fires: an event on its stream, the same on every instance.
#pragma once
#include <string>
#include <string_view>

#include "core/log/queued_unit.hpp"

namespace gantry::log {

constexpr std::string_view kTimerFired = "gantry.timer_fired.v1";
constexpr std::string_view kTimerFiredSchema = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["key", "due_at", "payload"],
  "properties": {
    "key": {"type": "string"},
    "due_at": {"type": "string", "format": "date-time"},
    "payload": {"type": "object"}
  }
})json";

// Id of the event that a timer's revision fires as.
Uuid fired_id(const DueTimer& timer);

// Its data: {"key":…,"due_at":…,"payload":{…}}.
std::string fired_data(const DueTimer& timer, std::string_view payload);

}  // namespace gantry::log
