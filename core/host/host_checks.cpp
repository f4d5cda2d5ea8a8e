#include "core/host/host_checks.hpp"

#include <set>

#include "core/host/parts.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {

constexpr std::chrono::milliseconds kTimeout{2000};
constexpr int64_t kProbeEveryNs = 2'000'000'000;

gantry_rc failed(std::string& detail, std::string why) {
  detail = std::move(why);
  return GANTRY_UNAVAILABLE;
}

// Red while the log cannot be read or its timers not be fired, and from the first write that the
// storage refused until one succeeds: somebody's, or our own.
class EventStoreCheck {
 public:
  explicit EventStoreCheck(Parts& parts) : parts_(parts) {}
  gantry_rc operator()(std::string& detail) {
    if (parts_.tail.fault()) return failed(detail, "unreadable");
    if (std::string trouble = parts_.files.trouble("events"); !trouble.empty())
      return failed(detail, std::move(trouble));
    try {
      parts_.log->stream_version("gantry-health");  // there is none
    } catch (const Error& error) {
      return failed(detail, std::string(name_of(error.code())));
    }
    const bool late = timers_are_late();
    if (!parts_.log->write_fault()) return late ? failed(detail, "timers_late") : GANTRY_OK;
    const int64_t now = parts_.clock.monotonic_ns();
    if (now - probed_ns_ >= kProbeEveryNs) {
      probed_ns_ = now;
      parts_.log->probe_write();
    }
    return failed(detail, "not_writable");
  }

 private:
  // Nobody waits for a timer, so nobody is told: the log is.
  bool timers_are_late() {
    const auto fault = parts_.log->timer_fault();
    if (fault && !late_)
      parts_.logger.error("event_store.timers_late",
                          join("timers cannot be fired: ", fault->detail()));
    late_ = fault.has_value();
    return late_;
  }

  Parts& parts_;
  int64_t probed_ns_ = 0;
  bool late_ = false;
};

// Reads a page of the database itself: a statement that needs none is answered without it.
gantry_rc database_answers(Parts& parts, const std::string& name, std::string& detail) {
  if (std::string trouble = parts.files.trouble(name); !trouble.empty())
    return failed(detail, std::move(trouble));
  try {
    parts.databases.find(name)->second->reader()->query("SELECT count(*) FROM es_checkpoint", {},
                                                        [](const sql::Row&) { return true; });
    return GANTRY_OK;
  } catch (const Error& error) {
    return failed(detail, std::string(name_of(error.code())));
  }
}

void add_name(std::string& names, const std::string& name) {
  names += (names.empty() ? "" : ", ") + name;
}

// One that halted goes on only when somebody does something about it.
gantry_rc no_consumer_halted(Parts& parts, std::string& detail) {
  std::string names;
  for (const auto& consumer : parts.consumers.list()) {
    if (consumer.state == consume::State::kHalted) add_name(names, consumer.name);
  }
  return names.empty() ? GANTRY_OK : failed(detail, "halted: " + names);
}

gantry_rc wanted_plugins_run(Parts& parts, std::string& detail) {
  std::string names;
  for (const auto& plugin : parts.registry->list()) {
    const bool fell =
        plugin.state == plugins::State::kFailed || plugin.state == plugins::State::kRefused;
    if (plugin.wanted && fell) add_name(names, plugin.id);
  }
  return names.empty() ? GANTRY_OK : failed(detail, "failed: " + names);
}

// Routes that answer 503, because what they need is switched off or did not start.
gantry_rc routes_are_open(Parts& parts, std::string& detail) {
  std::set<std::string> owners;
  for (const auto& closed : parts.registry->closed_routes()) owners.insert(closed.plugin);
  std::string names;
  for (const std::string& owner : owners) add_name(names, owner);
  return names.empty() ? GANTRY_OK : failed(detail, "closed: " + names);
}

}  // namespace

std::vector<plugins::HealthCheck> host_checks(Parts& parts) {
  const auto database = [&parts](const char* name) {
    return [&parts, name](std::string& detail) { return database_answers(parts, name, detail); };
  };
  return {
      {"event_store", true, kTimeout, EventStoreCheck(parts)},
      {"projections_db", false, kTimeout, database("projections")},
      {"auth_db", true, kTimeout, database("auth")},
      {"consumers", true, kTimeout,
       [&parts](std::string& detail) { return no_consumer_halted(parts, detail); }},
      {"plugins", false, kTimeout,
       [&parts](std::string& detail) { return wanted_plugins_run(parts, detail); }},
      {"routes", false, kTimeout,
       [&parts](std::string& detail) { return routes_are_open(parts, detail); }},
  };
}

}  // namespace gantry::host
