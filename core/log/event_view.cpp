#include "core/log/event_view.hpp"

#include "core/log/crc32.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

uint32_t crc_of_number(uint64_t number, uint32_t before) {
  char bytes[8];
  for (auto& byte : bytes) {
    byte = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  return crc32({bytes, sizeof bytes}, before);
}

// With its length, so that bytes cannot move from one field to the next unseen.
uint32_t crc_of_text(std::string_view text, uint32_t before) {
  return crc32(text, crc_of_number(text.size(), before));
}

}  // namespace

uint32_t checksum_of(const EventView& event) {
  uint32_t crc = crc_of_number(static_cast<uint64_t>(event.position), 0);
  crc = crc_of_number(static_cast<uint64_t>(event.version), crc);
  crc = crc_of_number(static_cast<uint64_t>(event.recorded_at.us()), crc);
  const auto& id = event.id.bytes();
  crc = crc32({reinterpret_cast<const char*>(id.data()), id.size()}, crc);
  crc = crc_of_text(event.stream, crc);
  crc = crc_of_text(event.type, crc);
  crc = crc_of_text(event.data, crc);
  return crc_of_text(event.meta, crc);
}

void check_sum(const Event& event, int64_t stored) {
  if (checksum_of(view_of(event)) == stored) return;
  throw Error(Code::kInternal,
              join("the event at position ", event.position, " is damaged: checksum mismatch"));
}

}  // namespace gantry::log
