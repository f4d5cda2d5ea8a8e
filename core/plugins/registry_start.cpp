// How the registry starts plugins, all at once or one by one.
#include "core/plugins/registry.hpp"
#include "core/runtime/thread_tag.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {

namespace {
StartFault fault_of(const Enabled& plugin, const Error& error) {
  return {join("plugins.", plugin.id), error.detail(), true};
}
}  // namespace

std::vector<StartFault> Registry::start_all(const std::vector<Enabled>& enabled) {
  const std::lock_guard life(life_);
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  std::vector<StartFault> fatal;
  for (const Enabled& one : enabled) {
    try {
      Installed& plugin = configure(one);
      if (!one.start) continue;
      bring_up(plugin);
      active_.push_back(&plugin);
    } catch (const Error& error) {
      incomplete_ = true;
      if (one.required) {
        fatal.push_back(fault_of(one, error));
        continue;
      }
      ports_.logger.error("plugin.left_out", "the server runs without an enabled plugin",
                          {{"plugin", one.id}, {"reason", error.detail()}});
    }
  }
  add_faults_of_all(fatal);
  if (fatal.empty()) {
    const auto published = std::make_shared<Published>();
    publisher_.publish(
        composition(nullptr, nullptr), [] {}, [] {});
    note_closed_routes();
    for (Installed* plugin : active_) activate(*plugin);
    running_ = true;
    return {};
  }
  while (!active_.empty()) {
    Installed& last = *active_.back();
    active_.pop_back();
    drop_generation(last);
    const std::lock_guard lock(infos_);
    move_to(last, State::kDisabled, "the server did not start");
  }
  return fatal;
}

PlanFindings Registry::check_all(const std::vector<Enabled>& enabled) {
  const std::lock_guard life(life_);
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  PlanFindings found;
  for (const Enabled& one : enabled) {
    try {
      Installed& plugin = configure(one);
      if (!one.start) continue;
      verify_again(plugin);
      prepare(plugin);
      check_together(plugin);
      active_.push_back(&plugin);
    } catch (const Error& error) {
      incomplete_ = true;
      found.faults.push_back(fault_of(one, error));
    }
  }
  add_faults_of_all(found.faults);
  for (const auto& closed : closed_among(publisher_.outlook(composition(nullptr, nullptr))))
    found.warnings.push_back({join("plugins.", closed.plugin), sentence(closed), false});
  for (; !active_.empty(); active_.pop_back()) drop_generation(*active_.back());
  return found;
}

// Of those that are to run, as a whole.
void Registry::add_faults_of_all(std::vector<StartFault>& faults) {
  for (auto& fault : publisher_.faults(composition(nullptr, nullptr)))
    faults.push_back({std::move(fault.path), std::move(fault.message), false});
}

// Notes what the configuration says; one that was not found is listed all the same.
Installed& Registry::configure(const Enabled& enabled) {
  Installed* plugin = nullptr;
  try {
    plugin = &installed(enabled.id);
  } catch (const Error& error) {
    auto absent = std::make_unique<Installed>();
    absent->info.id = enabled.id;
    absent->info.required = enabled.required;
    absent->info.wanted = enabled.start;
    const std::lock_guard lock(infos_);
    plugins_.push_back(std::move(absent));
    move_to(*plugins_.back(), State::kFailed, error.detail());
    throw;
  }
  plugin->enabled = enabled;
  const std::lock_guard lock(infos_);
  plugin->info.required = enabled.required;
  plugin->info.wanted = enabled.start;
  if (!enabled.start) move_to(*plugin, State::kDisabled, "the configuration switches it off");
  return *plugin;
}

void Registry::enable(const std::string& id) {
  const std::lock_guard life(life_);
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  Installed& plugin = inactive(id);
  bring_up(plugin);
  const auto published = std::make_shared<Published>();
  try {
    publisher_.publish(
        composition(&plugin, nullptr), [published] { published->switched(); },
        [published] { published->drained(); });
  } catch (const Error& error) {
    drop_generation(plugin);
    fail(plugin, State::kFailed, error.code(), error.detail());
  }
  active_.push_back(&plugin);
  note_closed_routes();
  published->wait_switched(Clock::now() + options_.drain_timeout);
  activate(plugin);
}

void Registry::bring_up(Installed& plugin) {
  verify_again(plugin);
  prepare(plugin);
  check_together(plugin);
  register_types(plugin);
  migrate(plugin);
  start(plugin);
  attach(plugin);
}

void Registry::activate(Installed& plugin) {
  ports_.health.add(plugin.info.id, plugin.generation->prepared().health_checks);
  std::string reason = "requests and events reach it";
  try {
    consumers_.start(plugin.info.id);
  } catch (const Error& error) {
    reason = join("requests reach it, but no events: ", error.detail());
  }
  const std::lock_guard lock(infos_);
  move_to(plugin, State::kActive, reason);
}

}  // namespace gantry::plugins
