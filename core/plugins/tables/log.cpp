#include "core/log/log.hpp"

#include <algorithm>
#include <cstring>
#include <future>
#include <iterator>

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

using Appends = std::vector<log::StreamAppend>;

Appends::iterator named(Appends& appends, std::string_view stream) {
  return std::find_if(appends.begin(), appends.end(),
                      [&](const log::StreamAppend& one) { return one.stream == stream; });
}

std::string fault_of(const gantry_new_event& event, const log::Limits& limits) {
  const auto type = view(event.type), data = view(event.data);
  if (type.empty() || type.size() > kTypeBytesMax)
    return join("an event's type has 1 to ", kTypeBytesMax, " bytes");
  if (data.empty()) return join("event ", type, " has no data; {} is the least");
  if (data.size() <= limits.event_bytes_max) return {};
  return join("event ", type, " has ", data.size(), " bytes, log.event_bytes_max is ",
              limits.event_bytes_max);
}

// What is wrong with adding to what the unit has of the stream already, or empty.
std::string fault_of_more(const Appends& all, const log::StreamAppend& known,
                          const log::StreamAppend& more) {
  if (known.expected != more.expected)
    return join("stream ", more.stream, " is in this unit already, expected otherwise");
  // Ids are numbered in the order of the unit: what has events keeps its place.
  if (!known.events.empty() && !more.events.empty() && &known != &all.back())
    return join("stream ", more.stream, " is in this unit already, and another one after it");
  return {};
}

std::string fault_of(const Appends& all, const log::StreamAppend& entry) {
  if (entry.stream.empty() || entry.stream.size() > kStreamBytesMax)
    return join("a stream's name has 1 to ", kStreamBytesMax, " bytes");
  if (entry.expected < GANTRY_EXISTS) return join("there is no expected version ", entry.expected);
  for (const log::StreamAppend& known : all) {
    if (known.stream == entry.stream) return fault_of_more(all, known, entry);
  }
  return {};
}

// The unit would rest on two states of one stream.
bool rests_on_another(Appends& all, const log::StreamAppend& entry) {
  const auto known = named(all, entry.stream);
  if (known == all.end() || known->expected < 0 || entry.expected < 0) return false;
  return known->expected != entry.expected || (entry.tip && known->tip && known->tip != entry.tip);
}

// Checks come first, streams with events after them in the order of their first event.
void add(Appends& all, log::StreamAppend entry) {
  const auto known = named(all, entry.stream);
  if (known == all.end()) {
    all.insert(entry.events.empty() ? all.begin() : all.end(), std::move(entry));
  } else if (known->events.empty() && !entry.events.empty()) {
    if (!entry.tip) entry.tip = known->tip;
    all.erase(known);
    all.push_back(std::move(entry));
  } else {
    std::move(entry.events.begin(), entry.events.end(), std::back_inserter(known->events));
    if (entry.tip) known->tip = entry.tip;
  }
}

gantry_rc append(void* self, gantry_handle unit, gantry_str stream, int64_t expected,
                 const gantry_uuid* tip, const gantry_new_event* events, uint32_t count,
                 gantry_uuid* last, const gantry_sink* why) noexcept {
  return call(self, why, "log.append", [&](Context& context) -> gantry_rc {
    const auto open = context.units.find(unit);
    if (!open) return refuse(why, GANTRY_STALE, "this unit is committed or dropped");
    const std::lock_guard lock(open->mutex);
    const log::Limits& limits = context.ports().log_limits;
    if (open->events + count > limits.append_events_max) {
      return refuse(why, GANTRY_EXHAUSTED,
                    join("a unit holds at most ", limits.append_events_max, " events"));
    }
    log::StreamAppend entry{std::string(view(stream)), expected, {}};
    if (tip && expected > 0) entry.tip = Uuid(*tip);
    entry.events.reserve(count);
    std::string fault;
    for (uint32_t i = 0; i < count && fault.empty(); ++i) {
      fault = fault_of(events[i], limits);
      if (fault.empty()) {
        fault =
            context.ports().event_types.append_fault(view(events[i].type), view(events[i].data));
      }
      entry.events.push_back(
          {std::string(view(events[i].type)), std::string(view(events[i].data))});
    }
    if (rests_on_another(open->unit.appends, entry)) {
      return refuse(why, GANTRY_CONFLICT,
                    join("stream ", entry.stream, " has moved on since this unit began"));
    }
    if (fault.empty()) fault = fault_of(open->unit.appends, entry);
    if (!fault.empty()) return refuse(why, GANTRY_INVALID, fault);
    add(open->unit.appends, std::move(entry));
    open->events += count;
    if (last && count > 0) *last = uuid5(open->unit.command, to_text(open->events - 1)).raw();
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

// Calls the plugin, once, and lets go of its generation.
Told call_back(Context& context, Holders& held, void* state, gantry_committed function,
               std::string_view name) {
  held.enter();
  return [&context, &held, state, function, name](const log::Outcome& outcome) noexcept {
    const gantry_outcome raw = raw_outcome(outcome);
    try {
      function(state, &raw);
    } catch (...) {  // gantry_committed is not noexcept; the log's thread must go on
      report_internal(context, name);
    }
    held.leave();
  };
}

gantry_rc commit(void* self, gantry_handle unit, void* state, gantry_committed done) noexcept {
  return call(self, nullptr, "log.commit", [&](Context& context) -> gantry_rc {
    const Code code =
        context.units.commit(unit, context, context.ports().log,
                             call_back(context, context.commits, state, done, "log.commit"));
    if (code != Code::kOk) context.commits.leave();
    return static_cast<gantry_rc>(code);
  });
}

gantry_rc commit_wait(void* self, gantry_handle unit, gantry_outcome* outcome,
                      const gantry_sink* why) noexcept {
  return call(self, why, "log.commit_wait", [&](Context& context) -> gantry_rc {
    demand_blocking_thread("commit_wait");
    std::promise<log::Outcome> promised;
    const Code code = context.units.commit(
        unit, context, context.ports().log,
        [&](const log::Outcome& committed) { promised.set_value(committed); }, true);
    if (code != Code::kOk) return refuse(why, GANTRY_STALE, "this unit is committed or dropped");
    const log::Outcome done = promised.get_future().get();
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
  run(self, "log.drop", [&](Context& context) { context.units.drop(unit, context); });
}

gantry_rc keep_checks(void* self, gantry_handle unit) noexcept {
  return call(self, nullptr, "log.keep_checks", [&](Context& context) {
    return static_cast<gantry_rc>(context.units.keep_checks(unit, context));
  });
}

gantry_rc watch(void* self, gantry_handle unit, void* state, gantry_committed told) noexcept {
  return call(self, nullptr, "log.watch", [&](Context& context) {
    const Code code =
        context.units.watch(unit, call_back(context, context.watches, state, told, "log.watch"));
    if (code != Code::kOk) context.watches.leave();
    return static_cast<gantry_rc>(code);
  });
}

gantry_rc after(void* self, gantry_handle unit, gantry_handle predecessor) noexcept {
  return call(self, nullptr, "log.after", [&](Context& context) {
    return static_cast<gantry_rc>(context.units.after(unit, predecessor));
  });
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

gantry_rc snapshot(void* self, gantry_str stream, int64_t schema, int64_t* version,
                   const gantry_sink* data, const gantry_sink* why) noexcept {
  return call(self, why, "log.snapshot", [&](Context& context) -> gantry_rc {
    demand_blocking_thread("snapshot");
    const auto found = context.ports().log.snapshot(view(stream), schema);
    if (!found) return refuse(why, GANTRY_NOT_FOUND, "there is no snapshot of that schema");
    *version = found->version;
    gantry::detail::say(data, found->data);
    return GANTRY_OK;
  });
}

gantry_rc keep_snapshot(void* self, gantry_str stream, int64_t schema, int64_t version,
                        gantry_str data, const gantry_sink* why) noexcept {
  return call(self, why, "log.keep_snapshot", [&](Context& context) -> gantry_rc {
    demand_blocking_thread("keep_snapshot");
    if (view(stream).empty() || view(stream).size() > kStreamBytesMax || version < 1)
      return refuse(why, GANTRY_INVALID, "a snapshot is of a stream that has events");
    context.ports().log.keep_snapshot(
        {std::string(view(stream)), schema, version, std::string(view(data))});
    return GANTRY_OK;
  });
}
}  // namespace

gantry_log log_table(Context& context) {
  return {sizeof(gantry_log), &context, begin,       append,   answer,       commit,
          commit_wait,        drop,     read_stream, read,     find,         head,
          keep_checks,        watch,    after,       snapshot, keep_snapshot};
}

}  // namespace gantry::plugins
