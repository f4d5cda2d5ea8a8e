#include "core/log/log.hpp"

#include <algorithm>
#include <cstring>

#include "core/plugins/tables/call.hpp"
#include "core/plugins/tables/event.hpp"

namespace gantry::plugins {
namespace {
constexpr size_t kStreamBytesMax = 512;
constexpr size_t kTypeBytesMax = 200;

gantry_rc begin(void* self, const gantry_uuid* command, gantry_str meta,
                gantry_handle* unit) noexcept {
  return call(self, nullptr, "log.begin", [&](Context& context) -> gantry_rc {
    auto open = std::make_shared<OpenUnit>();
    open->unit.command = Uuid(*command);
    open->unit.meta = view(meta).empty() ? "{}" : std::string(view(meta));
    *unit = context.units.add(std::move(open), context, context.ports().bounds.units_max);
    return *unit == 0 ? GANTRY_EXHAUSTED : GANTRY_OK;
  });
}

// What is wrong with one append(), or empty.
std::string append_fault(const OpenUnit& open, std::string_view stream, int64_t expected,
                         const gantry_new_event* events, uint32_t count,
                         const log::Limits& limits) {
  if (stream.empty() || stream.size() > kStreamBytesMax)
    return join("a stream's name has 1 to ", kStreamBytesMax, " bytes");
  if (expected < GANTRY_EXISTS) return join("there is no expected version ", expected);
  for (const log::StreamAppend& other : open.unit.appends) {
    if (other.stream == stream) return join("stream ", stream, " is in this unit already");
  }
  for (uint32_t i = 0; i < count; ++i) {
    const auto type = view(events[i].type), data = view(events[i].data);
    if (type.empty() || type.size() > kTypeBytesMax)
      return join("an event's type has 1 to ", kTypeBytesMax, " bytes");
    if (data.empty()) return join("event ", type, " has no data; {} is the least");
    if (data.size() > limits.event_bytes_max) {
      return join("event ", type, " has ", data.size(), " bytes, log.event_bytes_max is ",
                  limits.event_bytes_max);
    }
  }
  return {};
}

gantry_rc append(void* self, gantry_handle unit, gantry_str stream, int64_t expected,
                 const gantry_new_event* events, uint32_t count, const gantry_sink* why) noexcept {
  return call(self, why, "log.append", [&](Context& context) -> gantry_rc {
    const auto open = context.units.find(unit);
    if (!open) return refuse(why, GANTRY_STALE, "this unit is committed or dropped");
    const std::lock_guard lock(open->mutex);
    const log::Limits& limits = context.ports().log_limits;
    if (open->events + count > limits.append_events_max) {
      return refuse(why, GANTRY_EXHAUSTED,
                    join("a unit holds at most ", limits.append_events_max, " events"));
    }
    auto fault = append_fault(*open, view(stream), expected, events, count, limits);
    for (uint32_t i = 0; i < count && fault.empty(); ++i)
      fault = context.ports().event_types.append_fault(view(events[i].type), view(events[i].data));
    if (!fault.empty()) return refuse(why, GANTRY_INVALID, fault);
    log::StreamAppend entry{std::string(view(stream)), expected, {}};
    entry.events.reserve(count);
    for (uint32_t i = 0; i < count; ++i)
      entry.events.push_back(
          {std::string(view(events[i].type)), std::string(view(events[i].data))});
    open->unit.appends.push_back(std::move(entry));
    open->events += count;
    return GANTRY_OK;
  });
}

gantry_rc answer(void* self, gantry_handle unit, gantry_handle exchange) noexcept {
  return call(self, nullptr, "log.answer", [&](Context& context) -> gantry_rc {
    const auto open = context.units.find(unit);
    if (!open) return GANTRY_STALE;
    auto stored = context.ports().exchanges.stored_answer(exchange);
    const std::lock_guard lock(open->mutex);
    if (stored) open->unit.answer = std::move(stored);
    return GANTRY_OK;
  });
}

gantry_outcome raw_outcome(const log::Outcome& outcome) {
  return {sizeof(gantry_outcome), static_cast<gantry_rc>(outcome.code), outcome.committed.first,
          outcome.committed.last, outcome.committed.repeated ? 1u : 0u, 0,
          to_abi(outcome.detail)};
}

// Takes the unit out of its handle, which is stale from then on.
log::Unit take_unit(OpenUnit& open) {
  const std::lock_guard lock(open.mutex);
  return std::move(open.unit);
}

gantry_rc commit(void* self, gantry_handle unit, void* state, gantry_committed done) noexcept {
  return call(self, nullptr, "log.commit", [&](Context& context) -> gantry_rc {
    const auto open = context.units.take(unit, context);
    if (!open) return GANTRY_STALE;
    context.commits.enter();  // the plugin is not destroyed before `done` has returned
    try {
      context.ports().log.append(take_unit(*open), [&context, state, done](const log::Outcome& o) {
        const gantry_outcome raw = raw_outcome(o);
        try {
          done(state, &raw);
        } catch (...) {  // gantry_committed is not noexcept; the log's thread must go on
          report_internal(context, "log.commit");
        }
        context.commits.leave();
      });
    } catch (...) {
      context.commits.leave();
      throw;
    }
    return GANTRY_OK;
  });
}

gantry_rc commit_wait(void* self, gantry_handle unit, gantry_outcome* outcome,
                      const gantry_sink* why) noexcept {
  return call(self, why, "log.commit_wait", [&](Context& context) -> gantry_rc {
    demand_blocking_thread("commit_wait");
    const auto open = context.units.take(unit, context);
    if (!open) return refuse(why, GANTRY_STALE, "this unit is committed or dropped");
    const log::Outcome done = context.ports().log.append_wait(take_unit(*open));
    if (outcome) {
      gantry_outcome raw = raw_outcome(done);
      raw.detail = {nullptr, 0};
      const uint32_t room = outcome->size == 0 ? raw.size : std::min(outcome->size, raw.size);
      raw.size = room;
      std::memcpy(outcome, &raw, room);
    }
    return done.code == Code::kOk ? GANTRY_OK
                                  : refuse(why, static_cast<gantry_rc>(done.code), done.detail);
  });
}

void drop(void* self, gantry_handle unit) noexcept {
  run(self, "log.drop", [&](Context& context) { context.units.take(unit, context); });
}

// False: the plugin wants no more.
bool visited(const log::Event& event, Context& context, void* state, gantry_visit_event visit) {
  const CurrentEvent current(event, context.ports().event_types);
  return visit(state, &current.raw()) != 0;
}

gantry_rc read_stream(void* self, gantry_str stream, int64_t after, uint32_t max, void* state,
                      gantry_visit_event visit, const gantry_sink* why) noexcept {
  return call(self, why, "log.read_stream", [&](Context& context) -> gantry_rc {
    demand_blocking_thread("read_stream");
    context.ports().log.read_stream(view(stream), after, max, [&](const log::Event& event) {
      return visited(event, context, state, visit);
    });
    return GANTRY_OK;
  });
}

gantry_rc read(void* self, gantry_position after, uint32_t max, void* state,
               gantry_visit_event visit, const gantry_sink* why) noexcept {
  return call(self, why, "log.read", [&](Context& context) -> gantry_rc {
    demand_blocking_thread("read");
    const Ports& ports = context.ports();
    while (max > 0) {
      const auto page = ports.log.read(after, std::min(max, ports.log_limits.read_page_events_max));
      for (const log::EventPtr& event : page) {
        if (!visited(*event, context, state, visit)) return GANTRY_OK;
        after = event->position;
      }
      if (page.empty()) return GANTRY_OK;
      max -= static_cast<uint32_t>(page.size());
    }
    return GANTRY_OK;
  });
}

gantry_rc find(void* self, const gantry_uuid* event, void* state, gantry_visit_event visit,
               const gantry_sink* why) noexcept {
  return call(self, why, "log.find", [&](Context& context) -> gantry_rc {
    demand_blocking_thread("find");
    const auto found = context.ports().log.find(Uuid(*event));
    if (!found) return refuse(why, GANTRY_NOT_FOUND, "no event has that id");
    visited(*found, context, state, visit);
    return GANTRY_OK;
  });
}

gantry_position head(void* self) noexcept {
  return static_cast<Context*>(self)->ports().log.head();
}
}  // namespace

gantry_log log_table(Context& context) {
  return {sizeof(gantry_log), &context, begin,       append, answer, commit,
          commit_wait,        drop,     read_stream, read,   find,   head};
}

}  // namespace gantry::plugins
