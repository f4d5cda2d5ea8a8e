// How the registry switches plugins off: draining → stopped → retired → disabled.
#include <algorithm>

#include "core/plugins/registry.hpp"
#include "core/runtime/thread_tag.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
using std::chrono::milliseconds;

milliseconds left_until(std::chrono::steady_clock::time_point deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  return std::max(std::chrono::duration_cast<milliseconds>(left), milliseconds(0));
}

[[noreturn]] void still_inside(const std::string& id, std::string_view who) {
  throw Error(Code::kDeadline,
              join(id, " is off for new requests, but ", who, "; switch it off again to wait on"));
}
}  // namespace

void Registry::disable(const std::string& id, milliseconds within,
                       const std::function<void()>& on_switched) {
  const std::lock_guard life(life_);
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  Installed& plugin = active(id);
  const auto deadline = Clock::now() + within;
  if (!plugin.leaving) publish_without(plugin, on_switched);
  try {
    empty_out(plugin, deadline);
    finish(plugin, deadline);
  } catch (const Error& error) {
    const std::lock_guard lock(infos_);
    move_to(plugin, State::kDraining, error.detail());
    throw;
  }
}

void Registry::publish_without(Installed& plugin, const std::function<void()>& on_switched) {
  const auto published = std::make_shared<Published>();
  publisher_.publish(
      composition(nullptr, &plugin),
      [published, on_switched] {
        if (on_switched) on_switched();
        published->switched();
      },
      [published] { published->drained(); });
  plugin.leaving = published;
  active_.erase(std::find(active_.begin(), active_.end(), &plugin));
  note_closed_routes();
  const std::lock_guard lock(infos_);
  move_to(plugin, State::kDraining, "new requests no longer reach it");
}

// Waits until no call is inside the plugin and none can come. Each step may be repeated.
void Registry::empty_out(Installed& plugin, Clock::time_point deadline) {
  const std::string& id = plugin.info.id;
  if (!plugin.leaving->wait_drained(deadline))
    still_inside(id, "requests that began before are still under way");
  const auto running = consumers_.stop(id, left_until(deadline));
  if (!running.empty()) still_inside(id, join("its consumer ", running.front(), " still runs"));
  consumers_.remove(id);
  if (!ports_.health.remove(id, deadline)) still_inside(id, "one of its health checks still runs");
  ports_.services.withdraw(id);
  Context& context = *plugin.context;
  if (!context.borrowers.wait_none(deadline))
    still_inside(id, join(context.borrowers.count(), " borrowers hold its services"));
  if (!context.commits.wait_none(deadline))
    still_inside(id, join(context.commits.count(), " of its commits are under way"));
  if (!context.asks.wait_none(deadline))
    still_inside(id, join(context.asks.count(), " of its asks are under way"));
}

void Registry::finish(Installed& plugin, Clock::time_point deadline) {
  Context& context = *plugin.context;
  plugin.generation->stop();
  if (!context.commits.wait_none(deadline))
    still_inside(plugin.info.id, "commits that its stop() began are under way");
  const size_t units_left = context.units.drop_all(context);  // it is told while it is there
  if (!context.watches.wait_none(deadline))
    still_inside(plugin.info.id, "units of other plugins that it added to are under way");
  context.upcasts->close();  // from here on its old events wait until it is back
  if (!context.upcasts->wait_empty(deadline))
    still_inside(plugin.info.id, "one of its upcasters still runs");
  {
    const std::lock_guard lock(infos_);
    move_to(plugin, State::kStopped, "nobody is inside");
  }
  plugin.leaving.reset();
  const size_t left_open = units_left + retire(plugin);
  const std::lock_guard lock(infos_);
  if (left_open != 0) {
    ports_.logger.warn("plugin.handles_left", "a plugin did not close all its handles",
                       {{"plugin", plugin.info.id}, {"handles", left_open}});
  }
  move_to(plugin, State::kRetired, "destroyed; its code stays mapped");
  move_to(plugin, State::kDisabled, "switched off");
}

size_t Registry::retire(Installed& plugin) {
  const size_t units_left = plugin.context ? plugin.context->units.drop_all(*plugin.context) : 0;
  plugin.generation.reset();
  if (!plugin.context) return 0;
  const size_t left_open = units_left + plugin.context->close();
  retired_.push_back(std::move(plugin.context));
  if (retired_.size() > kRetiredMax) retired_.pop_front();
  return left_open;
}

void Registry::stop_all(milliseconds within) {
  const std::lock_guard life(life_);
  if (stopped_) return;
  stopped_ = true;
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  const auto deadline = Clock::now() + within;
  const auto published = std::make_shared<Published>();
  std::vector<Installed*> leaving;
  for (const auto& plugin : plugins_) {
    if (plugin->leaving) leaving.push_back(plugin.get());
  }
  if (!active_.empty()) {
    leaving.insert(leaving.end(), active_.begin(), active_.end());
    for (Installed* plugin : active_) plugin->leaving = published;
    active_.clear();
    try {
      publisher_.publish(
          composition(nullptr, nullptr), [] {}, [published] { published->drained(); });
    } catch (const Error& error) {
      ports_.logger.error("plugin.stop", "the server could not be emptied before its end",
                          {{"reason", error.detail()}});
    }
  }
  std::reverse(leaving.begin(), leaving.end());
  for (Installed* plugin : leaving) {
    try {
      empty_out(*plugin, deadline);
      finish(*plugin, deadline);
    } catch (const Error& error) {
      ports_.logger.error("plugin.stuck", "a plugin could not be stopped in time",
                          {{"plugin", plugin->info.id}, {"reason", error.detail()}});
      // Somebody may still be inside and call the tables: neither is ever destroyed.
      plugin->generation.release();
      plugin->context.release();
    }
  }
}

}  // namespace gantry::plugins
