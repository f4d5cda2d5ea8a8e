#include "core/log/event_types.hpp"

#include "core/base/json.hpp"
#include "core/log/timer_events.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

constexpr std::string_view kHost = "gantry";  // owner of what the log itself appends

std::string upcast_once(const std::string& from, const std::string& to, const Upcast& upcast,
                        std::string_view data) {
  try {
    return upcast(data);
  } catch (const Error& error) {
    if (error.code() == Code::kUnavailable) throw;
    throw Error(Code::kInvalid, join("upcasting ", from, " to ", to, ": ", error.detail()));
  }
}

}  // namespace

EventTypes::EventTypes(TypeArchive* archive, const EventTypesOptions& options)
    : archive_(archive), options_(options), snapshot_(std::make_shared<const Snapshot>()) {
  read_archive();
  add({declared_type(kTimerFired, kTimerFiredSchema)});
}

void EventTypes::add(const std::vector<DeclaredType>& types) {
  if (archive_) archive_->keep(types);
  std::map<std::string, Kind, std::less<>> kinds;
  for (const DeclaredType& declared : types) {
    const TypeName type = *parse_type(declared.type);
    Kind& kind = kinds[std::string(type.name)];
    kind.owner = type.owner;
    kind.registered = true;
    if (type.version != kind.versions.size() + 1)
      throw Error(Code::kInternal, join(declared.type, " is not declared after the one before it"));
    kind.versions.push_back({declared.type, declared.check, declared.upcast});
  }
  publish([&](Snapshot& all) {
    for (auto& [name, kind] : kinds) all[name] = std::make_shared<const Kind>(std::move(kind));
  });
}

// Names that a plugin of this process registered are left as they are: its code counts.
void EventTypes::read_archive() {
  if (!archive_) return;
  const std::vector<ArchivedType> archived = archive_->list();
  publish([&](Snapshot& all) {
    for (const ArchivedType& one : archived) {
      auto& kind = all[one.name];
      if (kind && kind->registered) continue;
      Kind known;
      known.owner = one.name.substr(0, one.name.rfind('.'));
      for (uint32_t v = 1; v <= one.current; ++v)
        known.versions.push_back({join(one.name, ".v", v), nullptr, {}});
      kind = std::make_shared<const Kind>(std::move(known));
    }
  });
}

std::string EventTypes::append_fault(std::string_view text, std::string_view data) const {
  const auto type = parse_type(text);
  if (!type)
    return join("\"", text, "\" is no event type; \"<plugin>.<past_tense>.v<N>\" would be one");
  const auto all = snapshot();
  const Kind* kind = find(*all, *type);
  if (!kind || !kind->registered || type->version > kind->versions.size()) {
    return join("event type ", text, " is not registered; declare it in the plan of ", type->owner);
  }
  const Version& current = kind->versions.back();
  if (current.type != text)
    return join("event type ", text, " is an old version; append ", current.type);
  if (kind->owner == kHost) return join("only the host appends ", text);
  return options_.validates ? data_fault(current, data) : std::string();
}

// What is wrong with the data of that version, or empty.
std::string EventTypes::data_fault(const Version& version, std::string_view data) const {
  base::JsonDocument document(options_.json);
  if (!document.parse(data))
    return join("the data of ", version.type, " is no JSON: ", document.error());
  if (base::json::type(document.root()) != GANTRY_JSON_OBJECT)
    return join("the data of ", version.type, " is no JSON object");
  const auto faults = version.check->validate(document.root(), 1);
  if (faults.empty()) return {};
  const std::string& pointer = faults[0].pointer;
  return join("the data of ", version.type, " breaks its schema at ",
              pointer.empty() ? "the top" : pointer, ": ", faults[0].detail);
}

std::optional<EventTypes::Event> EventTypes::upcast(std::string_view text, std::string_view data) {
  const auto type = parse_type(text);
  if (!type) throw UnknownType(join("event type \"", text, "\" is not one that can be registered"));
  auto all = snapshot();
  const Kind* kind = find(*all, *type);
  if (!kind || type->version > kind->versions.size()) {
    read_archive();  // another server may have registered it
    all = snapshot();
    kind = find(*all, *type);
  }
  if (!kind)
    throw UnknownType(join("no plugin has registered event type ", text, "; enable ", type->owner));
  if (type->version > kind->versions.size()) {
    throw UnknownType(join("event type ", text, " is newer than ", kind->versions.back().type,
                           ", the last one known here; upgrade ", kind->owner));
  }
  if (type->version == kind->versions.size()) return std::nullopt;
  if (!kind->registered) {
    throw UnknownType(join("event type ", text, " needs upcasting to ", kind->versions.back().type,
                           " by a plugin that is not loaded; enable ", kind->owner));
  }
  Event event{std::string(text), std::string(data)};
  for (size_t v = type->version; v < kind->versions.size(); ++v) {
    const Version& next = kind->versions[v];
    event.data = upcast_once(event.type, next.type, next.upcast, event.data);
    if (const auto fault = data_fault(next, event.data); !fault.empty())
      throw Error(Code::kInvalid, join("upcasting ", event.type, ": ", fault));
    event.type = next.type;
  }
  return event;
}

std::vector<EventTypeInfo> EventTypes::list() const {
  std::vector<EventTypeInfo> types;
  for (const auto& [name, kind] : *snapshot())
    types.push_back({kind->versions.back().type, kind->owner, kind->registered});
  return types;
}

std::shared_ptr<const EventTypes::Snapshot> EventTypes::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

void EventTypes::publish(const std::function<void(Snapshot&)>& change) {
  const std::lock_guard changing(changes_);
  Snapshot next = *snapshot();
  change(next);
  auto published = std::make_shared<const Snapshot>(std::move(next));
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(published);
}

const EventTypes::Kind* EventTypes::find(const Snapshot& snapshot, const TypeName& type) {
  const auto at = snapshot.find(type.name);
  return at == snapshot.end() ? nullptr : at->second.get();
}

}  // namespace gantry::log
