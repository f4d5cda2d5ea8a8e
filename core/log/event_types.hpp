// EventTypes: every event type this server knows, in all versions (ADR-0016). What is appended must
// be registered, current and as its schema says; what is read is upcast to the current version.
//
// A type stays known when its plugin is switched off, and beyond the process through the archive:
// only the code of its upcasters goes with the plugin.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.hpp"
#include "core/log/event_type.hpp"
#include "core/log/type_archive.hpp"

namespace gantry::log {

struct EventTypesOptions {
  bool validates = true;    // append_fault() looks at the data too
  base::JsonBounds json{};  // the same that plugins read with: what is appended can be read again
};

struct EventTypeInfo {
  std::string type;  // of the current version
  std::string owner;
  bool registered = false;  // by a plugin in this process; otherwise known from the archive only
};

class EventTypes {
 public:
  // archive: null where nothing is kept (tests); outlives this. Registers the host's own
  // gantry.timer_fired.v1.
  //   throws  as TypeArchive
  explicit EventTypes(TypeArchive* archive = nullptr, const EventTypesOptions& options = {});
  EventTypes(const EventTypes&) = delete;
  EventTypes& operator=(const EventTypes&) = delete;

  // Registers all versions of the types of one owner, or none: v1 to vN of each name, ascending
  // (plugins::Plan sees to that). Those of an earlier call by the same owner are replaced, the
  // names it does not bring any more stay.
  //   throws  as TypeArchive::keep
  //   thread  [setup]
  void add(const std::vector<DeclaredType>& types);

  // What is wrong with appending this, as one sentence; or empty. [any]
  std::string append_fault(std::string_view type, std::string_view data) const;

  struct Event {
    std::string type;
    std::string data;
  };
  // The event as it would be written today; nullopt when it was stored like that. Each call runs
  // the upcasters anew: ask once per delivery.
  //   throws  UnknownType  nobody has registered it, or it is of a later version than is known
  //           Unavailable  the plugin with the upcaster is switched off
  //           Invalid      an upcaster failed, or made what the schema of its version refuses
  //   thread  [worker] [bus] [setup]: an unknown type is looked up in the archive
  std::optional<Event> upcast(std::string_view type, std::string_view data);

  std::vector<EventTypeInfo> list() const;  // by type [any]

 private:
  struct Version {
    std::string type;
    std::shared_ptr<const base::JsonSchema> check;  // null: known from the archive only
    Upcast upcast;
  };
  struct Kind {
    std::string owner;
    std::vector<Version> versions;  // of v1, v2, …
    bool registered = false;
  };
  // Never changed once published; readers keep the one they began with.
  using Snapshot = std::map<std::string, std::shared_ptr<const Kind>, std::less<>>;  // by name

  std::shared_ptr<const Snapshot> snapshot() const;
  void publish(const std::function<void(Snapshot&)>& change);
  void read_archive();
  static const Kind* find(const Snapshot& snapshot, const TypeName& type);
  std::string data_fault(const Version& version, std::string_view data) const;

  TypeArchive* const archive_;
  const EventTypesOptions options_;
  std::mutex changes_;                        // one change at a time; not held by readers
  mutable std::mutex mutex_;                  // guards snapshot_, for the copy of a pointer
  std::shared_ptr<const Snapshot> snapshot_;  // second owners: whoever reads it now
};

}  // namespace gantry::log
