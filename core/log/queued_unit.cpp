#include "core/log/queued_unit.hpp"

#include <set>
#include <unordered_set>
#include <utility>

#include "gantry/text.hpp"

namespace gantry::log {
namespace {

constexpr size_t kNameBytesMax = 512;
constexpr size_t kDigestBytes = 32;

// Shape only; a full parse belongs to whoever made the text.
bool is_object(std::string_view json) {
  return json.size() >= 2 && json.front() == '{' && json.back() == '}';
}

std::string fault_of_name(std::string_view what, std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax) {
    return join("a ", what, " has 1 to ", kNameBytesMax, " bytes, this one has ", name.size());
  }
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20)
      return join("a ", what, " holds no control characters");
  }
  return {};
}

std::string fault_of_json(std::string_view what, std::string_view json, const Limits& limits) {
  if (json.size() > limits.event_bytes_max) {
    return join(what, " is at most ", limits.event_bytes_max, " bytes, this one has ", json.size());
  }
  if (!is_object(json)) return join(what, " must be one JSON object");
  return {};
}

std::string fault_of_append(const StreamAppend& append, const Limits& limits) {
  if (auto fault = fault_of_name("stream name", append.stream); !fault.empty()) return fault;
  if (append.expected < kExists) {
    return join("stream '", append.stream, "': ", append.expected, " is no expected version");
  }
  for (const auto& event : append.events) {
    if (auto fault = fault_of_name("event type", event.type); !fault.empty()) return fault;
    if (auto fault = fault_of_json(join("data of ", event.type), event.data, limits);
        !fault.empty()) {
      return fault;
    }
  }
  return {};
}

std::string fault_of_timer(const std::string& stream, const std::string& key,
                           std::set<std::pair<std::string_view, std::string_view>>& named) {
  if (auto fault = fault_of_name("stream name", stream); !fault.empty()) return fault;
  if (auto fault = fault_of_name("timer key", key); !fault.empty()) return fault;
  if (named.emplace(stream, key).second) return {};
  return join("a unit names each timer at most once, this one names '", key, "' of '", stream,
              "' twice");
}

std::string fault_of_timers(const Unit& unit, const Limits& limits) {
  std::set<std::pair<std::string_view, std::string_view>> named;
  for (const auto& timer : unit.timers_set) {
    if (auto fault = fault_of_timer(timer.stream, timer.key, named); !fault.empty()) return fault;
    if (auto fault = fault_of_json("the payload of a timer", timer.payload, limits); !fault.empty())
      return fault;
  }
  for (const auto& timer : unit.timers_cancelled) {
    if (auto fault = fault_of_timer(timer.stream, timer.key, named); !fault.empty()) return fault;
  }
  return {};
}

size_t count_events(const Unit& unit) {
  size_t count = 0;
  for (const auto& append : unit.appends) count += append.events.size();
  return count;
}

std::string fault_of_counts(const Unit& unit, const Limits& limits) {
  const size_t events = count_events(unit),
               timers = unit.timers_set.size() + unit.timers_cancelled.size();
  if (events > limits.append_events_max) {
    return join("a unit holds at most ", limits.append_events_max, " events, this one has ",
                events);
  }
  if (unit.appends.size() > limits.append_events_max) {
    return join("a unit names at most ", limits.append_events_max, " streams, this one ",
                unit.appends.size());
  }
  if (timers > limits.append_events_max) {
    return join("a unit changes at most ", limits.append_events_max, " timers, this one ", timers);
  }
  if (unit.command.is_nil() && (events != 0 || !unit.timers_set.empty() || unit.answer)) {
    return "the unit has no command id";
  }
  return {};
}

}  // namespace

std::string fault_of(const Unit& unit, const Limits& limits) {
  if (auto fault = fault_of_counts(unit, limits); !fault.empty()) return fault;
  if (!unit.meta.empty()) {
    if (auto fault = fault_of_json("meta", unit.meta, limits); !fault.empty()) return fault;
  }
  std::unordered_set<std::string_view> streams;
  for (const auto& append : unit.appends) {
    if (auto fault = fault_of_append(append, limits); !fault.empty()) return fault;
    if (!streams.insert(append.stream).second) {
      return join("a unit names each stream at most once, this one names '", append.stream,
                  "' twice");
    }
  }
  if (auto fault = fault_of_timers(unit, limits); !fault.empty()) return fault;
  if (unit.answer && (unit.answer->scope.size() != kDigestBytes ||
                      unit.answer->fingerprint.size() != kDigestBytes)) {
    return "scope and fingerprint of an answer are 32 bytes each";
  }
  return {};
}

std::vector<Uuid> event_ids(const Unit& unit) {
  std::vector<Uuid> ids;
  const size_t count = count_events(unit);
  ids.reserve(count);
  for (size_t n = 0; n < count; ++n) ids.push_back(uuid5(unit.command, to_text(n)));
  return ids;
}

uint64_t bytes_of(const Unit& unit) {
  uint64_t bytes = unit.meta.size();
  for (const auto& append : unit.appends) {
    bytes += append.stream.size();
    for (const auto& event : append.events) bytes += event.type.size() + event.data.size();
  }
  for (const auto& timer : unit.timers_set)
    bytes += timer.stream.size() + timer.key.size() + timer.payload.size();
  for (const auto& timer : unit.timers_cancelled) bytes += timer.stream.size() + timer.key.size();
  if (unit.answer) bytes += unit.answer->headers.size() + unit.answer->body.size();
  return bytes;
}

}  // namespace gantry::log
