// log::EventView: the fields of one event where they lie, and the checksum that is kept with them.
#pragma once
#include <cstdint>
#include <string_view>

#include "core/log/log.hpp"

namespace gantry::log {

struct EventView {
  Position position = 0;
  std::string_view stream;
  int64_t version = 0;
  Uuid id;
  std::string_view type;
  std::string_view data;
  std::string_view meta;
  Instant recorded_at;
};

inline EventView view_of(const Event& event) {
  return {event.position, event.stream, event.version, event.id,
          event.type,     event.data,   event.meta,    event.recorded_at};
}

// CRC-32 over every field and the stream's name, each text with its length before it, so that a
// copy to another database keeps it: position, version, recorded_at (µs) as 8 bytes little-endian
// each, the 16 bytes of the id, then stream, type, data, meta.
uint32_t checksum_of(const EventView& event);

//   throws Internal  `stored` is not the checksum of `event`
void check_sum(const Event& event, int64_t stored);

}  // namespace gantry::log
