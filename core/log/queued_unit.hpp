// log::QueuedUnit: a unit on its way to the writer, with what its caller's thread could already
// work out.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/log/log.hpp"

namespace gantry::log {

// A pending timer as it was read; fires only if the row is still the same.
struct DueTimer {
  std::string stream;
  std::string key;
  int64_t revision = 0;
  Instant due;
};

struct QueuedUnit {
  Unit unit;
  std::vector<Uuid> ids;          // of its events, in unit order
  uint64_t bytes = 0;             // counted against append_queue_bytes_max
  std::optional<DueTimer> fires;  // then `unit` is empty: fire this timer
  bool probe = false;             // the same: only see whether a write succeeds
  std::function<void(const Outcome&)> done;
};

// The sentence that says what is wrong with the unit, or empty.
std::string fault_of(const Unit& unit, const Limits& limits);

// uuid5(command, "0"), uuid5(command, "1") ... for each event.
std::vector<Uuid> event_ids(const Unit& unit);

// Bytes that the unit keeps while it waits.
uint64_t bytes_of(const Unit& unit);

}  // namespace gantry::log
