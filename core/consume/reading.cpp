#include "core/consume/reading.hpp"

#include "core/runtime/mutation.hpp"
#include "gantry/text.hpp"

namespace gantry::consume {

namespace {

// What is damaged stays damaged, however often it is read.
std::vector<log::EventPtr> undamaged(EventSource& source, log::Position after, uint32_t max) {
  try {
    return source.after(after, max);
  } catch (const Error& e) {
    if (e.code() == Code::kInternal) throw Halt(e.detail(), Halt::Cause::kDamaged);
    throw;
  }
}

}  // namespace

std::vector<log::EventPtr> read_after(EventSource& source, const Mark& mark, uint32_t max) {
  const bool overlap = mark.position > 0;  // one event more, to see that the mark still holds
  auto events = undamaged(source, mark.position - (overlap ? 1 : 0), max + (overlap ? 1 : 0));
  log::Position expected = mark.position + (overlap ? 0 : 1);
  for (const auto& event : events) {
    if (event->position != expected) {
      throw Halt(join("the log has a hole: position ", event->position, " follows ", expected - 1),
                 Halt::Cause::kDamaged);
    }
    ++expected;
  }
  if (overlap && !events.empty()) {
    if (mark_of(*events.front()) != mark && !GANTRY_MUTATED("no_witness")) {
      throw Halt(join("log diverged at position ", mark.position));
    }
    events.erase(events.begin());
  }
  return events;
}

}  // namespace gantry::consume
