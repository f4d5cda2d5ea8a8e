#include "core/log/timer_events.hpp"

#include "gantry/json_writer.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {
// Name space of timer ids: uuid5 of the nil uuid and "gantry.timer".
Uuid timer_space() { return uuid5(Uuid(), "gantry.timer"); }
}  // namespace

Uuid fired_id(const DueTimer& timer) {
  // A stream's name holds no control character, so the pair cannot be read in two ways.
  const Uuid id = uuid5(timer_space(), join(timer.stream, '\n', timer.key));
  return uuid5(id, to_text(timer.revision));
}

std::string fired_data(const DueTimer& timer, std::string_view payload) {
  JsonWriter json;
  json.object().field("key", timer.key).field("due_at", timer.due).raw("payload", payload).end();
  return std::move(json).text();
}

}  // namespace gantry::log
