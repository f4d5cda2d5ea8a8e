#include "core/host/host.hpp"

#include <stdlib.h>

#include <filesystem>

#include "core/config/to_json.hpp"
#include "core/host/parts.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {

std::vector<plugins::Enabled> enabled_plugins(const Configuration& configuration,
                                              const Settings& settings) {
  std::vector<plugins::Enabled> enabled;
  const config::Node* all = configuration.root.find("plugins");
  if (!all) return enabled;
  for (const auto& member : all->members()) {
    plugins::Enabled plugin;
    plugin.id = member.key;
    plugin.start =
        member.value.boolean("enabled", true);  // false: known, and can be switched on later
    plugin.config = config::to_json(config::plugin_section(configuration.root, member.key),
                                    config::Secrets::kShown);
    if (const std::string digest = member.value.text("sha256", ""); !digest.empty())
      plugin.sha256 = digest;
    plugin.allow_draft = settings.allow_draft;
    enabled.push_back(std::move(plugin));
  }
  return enabled;
}

}  // namespace

struct Host::Parts : host::Parts {
  using host::Parts::Parts;
};

Host::Host(const Configuration& configuration, const HostOptions& options)
    : configuration_(configuration),
      parts_(std::make_unique<Parts>(settings_of(configuration.root, options.data_dir),
                                     options.data_dir)) {}

Host::~Host() = default;

std::vector<std::string> Host::start() {
  Parts& p = *parts_;
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  const int64_t began = p.clock.monotonic_ns();
  for (const std::string& warning : storage_warnings(p.settings))
    p.logger.warn("storage.insecure_transport", warning);
  p.tail.start();
  p.server->start();  // the loops turn, so that plugins can be published; nobody is let in before
                      // listen()
  p.registry->discover(configuration_.directories);
  const auto faults = p.registry->start_all(enabled_plugins(configuration_, p.settings));
  if (!faults.empty()) return faults;
  p.liveness = std::make_unique<Liveness>(p.server->loops(), p.workers, p.clock);
  p.health.set_liveness([&p] { return p.liveness->live(); });
  p.control_socket = std::make_unique<ControlSocket>(
      p.data.path(), [&p](std::string_view line) { return p.admin.answer_control(line); },
      p.logger);
  p.health.block("starting", "");
  size_t active = 0;
  for (const auto& plugin : p.registry->list()) active += plugin.state == plugins::State::kActive;
  p.logger.info("host.ready", join("Gantry " GANTRY_VERSION " is ready on http://", address()),
                {{"address", join("http://", address())},
                 {"plugins", active},
                 {"start_ms", (p.clock.monotonic_ns() - began) / 1'000'000}});
  return {};
}

void Host::shut_down() {
  Parts& p = *parts_;
  p.logger.info("host.stopping", "no new connections; requests under way finish");
  p.health.block("draining", "draining");
  p.server->announce_close();
  p.server->stop_accepting();
  const bool whole = p.server->drain(p.settings.drain_timeout_ms);
  if (!whole)
    p.logger.warn("host.drain_cut", "some requests did not finish in time and were cut off");
  p.end();
  p.logger.info("host.stopped", "stopped");
}

std::vector<std::string> check_plans(const Configuration& configuration) {
  std::string scratch = (std::filesystem::temp_directory_path() / "gantry-check-XXXXXX").string();
  if (!::mkdtemp(scratch.data())) throw Error(Code::kUnavailable, join("cannot make ", scratch));
  std::vector<std::string> faults;
  {
    Settings settings = with_scratch_storage(settings_of(configuration.root, scratch));
    settings.listen = "127.0.0.1:0";  // the real one may be in use by the real server
    settings.logging.level = observe::Level::kError;
    host::Parts parts(std::move(settings), scratch);
    parts.registry->discover(configuration.directories);
    faults = parts.registry->check_all(enabled_plugins(configuration, parts.settings));
  }
  std::filesystem::remove_all(scratch);
  return faults;
}

const std::string& Host::address() const { return parts_->server->address(); }

}  // namespace gantry::host
