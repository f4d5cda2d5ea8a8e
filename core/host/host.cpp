#include "core/host/host.hpp"

#include "core/config/to_json.hpp"
#include "core/host/located.hpp"
#include "core/host/parts.hpp"
#include "core/host/scratch_directory.hpp"
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
    plugin.required = member.value.boolean("required", true);
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

StartFaults Host::start() {
  Parts& p = *parts_;
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  const int64_t began = p.clock.monotonic_ns();
  for (const std::string& warning : storage_warnings(p.settings))
    p.logger.warn("storage.insecure_transport", warning);
  for (const std::string& warning : durability_warnings(*p.databases.at("events")))
    p.logger.warn("storage.not_durable", warning);
  p.tail.start();
  p.server->start();  // the loops turn, so that plugins can be published; nobody is let in before
                      // listen()
  p.registry->discover(configuration_.directories);
  StartFaults why_not;
  for (const auto& fault : p.registry->start_all(enabled_plugins(configuration_, p.settings))) {
    why_not.failed = why_not.failed || fault.failed;
    why_not.faults.push_back(located(fault, configuration_.root));
  }
  if (!why_not.faults.empty()) return why_not;
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

// Scratch databases, whatever the configured ones are: those may be in use, or not be there yet.
config::Findings check_plans(const Configuration& configuration) {
  const ScratchDirectory scratch("gantry-check");
  Settings settings = with_scratch_storage(settings_of(configuration.root, scratch.path()));
  settings.listen = "127.0.0.1:0";  // the real one may be in use by the real server
  settings.log_sink = [](std::string_view) {};
  host::Parts parts(std::move(settings), scratch.path());
  parts.registry->discover(configuration.directories);
  const auto found = parts.registry->check_all(enabled_plugins(configuration, parts.settings));
  config::Findings findings;
  for (const auto& fault : found.faults)
    findings.faults.push_back(located(fault, configuration.root));
  for (const auto& warning : found.warnings)
    findings.warnings.push_back(located(warning, configuration.root));
  return findings;
}

void Host::reload_asked() {
  parts_->logger.info("host.reload",
                      "configuration is not reloaded in this version; restart to apply");
}

const std::string& Host::address() const { return parts_->server->address(); }

}  // namespace gantry::host
