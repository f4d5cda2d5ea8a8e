// How the registry starts plugins, all at once or one by one.
#include "core/plugins/registry.hpp"
#include "core/runtime/thread_tag.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {

std::vector<std::string> Registry::start_all(const std::vector<Enabled>& enabled) {
  const std::lock_guard life(life_);
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  std::vector<std::string> fatal;
  for (const Enabled& one : enabled) {
    try {
      Installed& plugin = configure(one);
      if (!one.start) continue;
      bring_up(plugin);
      active_.push_back(&plugin);
    } catch (const Error& error) {
      incomplete_ = true;
      if (one.required) fatal.push_back(join(one.id, " is required, but ", error.detail()));
      ports_.logger.error("plugin.left_out", "the server runs without an enabled plugin",
                          {{"plugin", one.id}, {"reason", error.detail()}});
    }
  }
  for (const auto& fault : publisher_.faults(composition(nullptr, nullptr)))
    fatal.push_back(sentence(fault));
  if (fatal.empty()) {
    const auto published = std::make_shared<Published>();
    publisher_.publish(
        composition(nullptr, nullptr), [] {}, [] {});
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

std::vector<std::string> Registry::check_all(const std::vector<Enabled>& enabled) {
  const std::lock_guard life(life_);
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  std::vector<std::string> found;
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
      found.push_back(error.detail());
    }
  }
  for (const auto& fault : publisher_.faults(composition(nullptr, nullptr)))
    found.push_back(sentence(fault));
  for (; !active_.empty(); active_.pop_back()) drop_generation(*active_.back());
  return found;
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
    const std::lock_guard lock(infos_);
    plugins_.push_back(std::move(absent));
    move_to(*plugins_.back(), State::kFailed, error.detail());
    throw;
  }
  plugin->enabled = enabled;
  const std::lock_guard lock(infos_);
  plugin->info.required = enabled.required;
  if (!enabled.start) move_to(*plugin, State::kDisabled, "the configuration switches it off");
  return *plugin;
}

void Registry::enable(const std::string& id) {
  const std::lock_guard life(life_);
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  Installed& plugin = installed(id);
  if (plugin.generation)
    throw Error(Code::kConflict, join(id, " is ", name_of(plugin.info.state), " already"));
  if (plugin.enabled.id.empty())
    throw Error(Code::kConflict, join(id, " has no section under plugins: in the configuration"));
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
