#include "core/plugins/registry.hpp"

#include <algorithm>
#include <filesystem>

#include "core/observe/utf8.hpp"
#include "core/plugins/plan_rules.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
// By the file <id>.so, as opposed to a copy under another name.
bool is_named(const PluginInfo& info) { return std::filesystem::path(info.path).stem() == info.id; }
}  // namespace

Registry::Registry(const RegistryOptions& options, const Ports& ports, Publisher& publisher,
                   ConsumerControl& consumers, std::vector<pipeline::Contribution> host)
    : options_(options),
      ports_(ports),
      publisher_(publisher),
      consumers_(consumers),
      host_(std::move(host)) {}

Registry::~Registry() { stop_all(options_.drain_timeout); }

void Registry::discover(const std::vector<std::string>& directories) {
  const std::lock_guard life(life_);
  for (const std::string& directory : directories) {
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
      if (entry.path().extension() == ".so") files.push_back(entry.path().string());
    }
    if (error) {
      ports_.logger.warn("plugin.directory", "a plugin directory cannot be read",
                         {{"directory", directory}, {"error", error.message()}});
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) discover_file(file);
  }
}

void Registry::discover_file(const std::string& path) {
  auto plugin = std::make_unique<Installed>();
  plugin->info.path = path;
  plugin->info.id = std::filesystem::path(path).stem().string();
  Installed& added = *plugin;
  const auto verified = verify(path, {ports_.host_version, {}, true});
  const auto& manifest =
      verified ? verified->manifest : verified.reason().manifest.value_or(Manifest{});
  Installed* other = nullptr;
  for (const auto& one : plugins_) {
    if (one->info.state != State::kRefused && one->info.id == manifest.id) other = one.get();
  }
  const std::lock_guard lock(infos_);
  plugins_.push_back(std::move(plugin));
  if (!manifest.id.empty()) learn(added, manifest);
  if (!verified) {
    move_to(added, State::kRefused, verified.reason().reason);
  } else if (other && (is_named(other->info) || !is_named(added.info))) {
    move_to(added, State::kRefused,
            join("has the id of ", other->info.path, "; remove one of the two"));
  } else {
    if (other)
      move_to(*other, State::kRefused, join("has the id of ", path, "; remove one of the two"));
    added.info.sha256 = verified->sha256;
    added.info.config_schema = verified->config_schema;
    move_to(added, State::kVerified, "found");
    move_to(added, State::kDisabled, "not enabled in the configuration");
  }
}

// With infos_ held.
void Registry::learn(Installed& plugin, const Manifest& manifest) {
  PluginInfo& info = plugin.info;
  info.id = manifest.id;
  info.version = manifest.version.text();
  info.summary = manifest.summary;
  info.provides = manifest.provides;
  info.needs = manifest.service_needs;
  info.interfaces.clear();
  for (const auto* list : {&manifest.needs, &manifest.wants}) {
    for (const InterfaceNeed& need : *list) info.interfaces.push_back(need.id);
  }
}

// With infos_ held.
void Registry::move_to(Installed& plugin, State state, const std::string& reason) {
  PluginInfo& info = plugin.info;
  const bool bad = state == State::kRefused || state == State::kFailed;
  const observe::Field fields[] = {{"plugin", info.id},
                                   {"plugin_version", info.version},
                                   {"from", name_of(info.state)},
                                   {"to", name_of(state)},
                                   {"reason", reason},
                                   {"path", info.path}};
  const bool telling =
      state == State::kActive || state == State::kDraining || state == State::kDisabled;
  const auto level = bad ? observe::Level::kError
                     : telling && info.state != State::kVerified
                         ? observe::Level::kInfo
                         : observe::Level::kDebug;  // steps between
  if (ports_.logger.enabled(level))
    ports_.logger.write(level, "plugin.state", join(info.id, " is ", name_of(state)), fields);
  info.state = state;
  info.reason = reason;
  info.since = ports_.clock.now();
}

Installed& Registry::active(const std::string& id) {
  Installed& plugin = installed(id);
  if (!plugin.generation)
    throw Error(Code::kConflict, join(id, " is ", name_of(plugin.info.state), ", not active"));
  return plugin;
}

Installed& Registry::inactive(const std::string& id) {
  Installed& plugin = installed(id);
  if (plugin.generation)
    throw Error(Code::kConflict, join(id, " is ", name_of(plugin.info.state), " already"));
  if (plugin.enabled.id.empty())
    throw Error(Code::kConflict, join(id, " has no section under plugins: in the configuration"));
  return plugin;
}

Installed& Registry::installed(const std::string& id) {
  if (!is_dotted_name(id))
    throw Error(Code::kInvalid, join("\"", observe::well_formed(id),
                                     "\" is no id of a plugin; \"payments\" is one"));
  Installed* refused = nullptr;
  for (const auto& plugin : plugins_) {
    if (plugin->info.id != id) continue;
    if (plugin->info.state != State::kRefused) return *plugin;
    if (!refused) refused = plugin.get();
  }
  if (refused) return *refused;
  throw Error(Code::kNotFound,
              join("no plugin directory has ", id, ".so; install it or correct the name"));
}

std::vector<PluginInfo> Registry::list() const {
  std::vector<PluginInfo> all;
  {
    const std::lock_guard lock(infos_);
    for (const auto& plugin : plugins_) all.push_back(plugin->info);
  }
  std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.id < b.id; });
  return all;
}

std::optional<PluginInfo> Registry::find(const std::string& id) const {
  std::optional<PluginInfo> found;
  for (PluginInfo& info : list()) {
    if (info.id != id) continue;
    if (info.state != State::kRefused) return std::move(info);  // not its refused copy
    if (!found) found = std::move(info);
  }
  return found;
}

Composition Registry::composition(const Installed* with, const Installed* without) const {
  Composition all{host_, incomplete_};
  for (const Installed* plugin : active_) {
    if (plugin != without) all.contributions.push_back(plugin->generation->prepared().contribution);
  }
  if (with) all.contributions.push_back(with->generation->prepared().contribution);
  return all;
}

}  // namespace gantry::plugins
