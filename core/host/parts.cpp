#include "core/host/parts.hpp"

#include "core/host/host_checks.hpp"
#include "core/host/instance.hpp"

namespace gantry::host {
namespace {

constexpr std::chrono::milliseconds kHealthInterval{1000};
constexpr std::chrono::milliseconds kChecksEnd{2000};

runtime::WorkersOptions control_options() {
  runtime::WorkersOptions options;
  options.name = "control";
  options.kind = runtime::ThreadKind::kSetup;
  options.threads = 1;
  options.queue_max = 64;
  options.queue_wait_ms_max = 0;
  return options;
}

}  // namespace

Parts::Parts(Settings from, const std::string& data_dir)
    : settings(std::move(from)),
      data(data_dir),
      ids(clock),
      instance(instance_of(data, ids)),
      logger(settings.logging, clock, settings.log_sink),
      files(settings.databases),
      databases(open_databases(settings)),
      log(open_log(settings, clock)),
      type_archive(*databases.at("events"), clock),
      event_types(&type_archive, {settings.validate_events, settings.pipeline.json}),
      tail(*log, settings.log.limits),
      source(tail),
      workers(settings.workers, logger),
      control(control_options(), logger),
      consumers(
          *log, source,
          [this](std::string_view name) -> sql::Database& { return *databases.find(name)->second; },
          settings.consume, clock, logger, metrics, instance),
      server(std::make_unique<http::Server>(settings.http, clock, doorway,
                                            std::vector<std::string>{settings.listen},
                                            settings.loops)),
      pipeline(settings.pipeline, pipeline_ports(),
               {server->loops().begin(), server->loops().end()}),
      askers(server->loops(), clock, submit()),
      kv({}, clock),
      health(kHealthInterval, clock, logger),
      ports{.host_version = GANTRY_VERSION,
            .clock = clock,
            .ids = ids,
            .logger = logger,
            .metrics = metrics,
            .log = *log,
            .log_limits = settings.log.limits,
            .event_types = event_types,
            .exchanges = pipeline,
            .databases = {},
            .kv = kv,
            .health = health,
            .services = services,
            .json = settings.pipeline.json,
            .bounds = {},
            .askers = &askers},
      publisher(pipeline, settings.chains, health),
      consumer_control(consumers),
      admin(pipeline, control, logger, std::chrono::milliseconds(settings.plugin_drain_timeout_ms)),
      live(pipeline, health) {
  for (const auto& [name, database] : databases) {
    if (name == "events") continue;  // facts enter through the log only
    ports.databases.emplace(name, database.get());
    askers.add(name, *database);
  }
  doorway.open(pipeline);
  health.block("starting", "starting");
  registry = std::make_unique<plugins::Registry>(
      plugins::RegistryOptions{data.path(),
                               std::chrono::milliseconds(settings.plugin_drain_timeout_ms)},
      ports, publisher, consumer_control, host_contributions());
  admin.serve(*registry, consumers);
  health.add("gantry", host_checks(*this));
}

Parts::~Parts() { end(); }

void Parts::end() {
  if (!registry) return;
  control_socket.reset();
  health.remove("gantry", std::chrono::steady_clock::now() + kChecksEnd);  // they ask the registry
  control.stop(std::chrono::milliseconds(settings.plugin_drain_timeout_ms));
  registry->stop_all(std::chrono::milliseconds(settings.plugin_drain_timeout_ms));
  health.set_liveness({});
  liveness.reset();
  workers.stop(std::chrono::milliseconds(0));
  askers.close();  // before the loops that own their connections
  server.reset();  // ends the loops; nobody posts to them from here on
  registry.reset();
  tail.stop();
  log->stop();
}

// A configuration without the chain "admin" has no admin routes; the control socket is always
// there.
std::vector<pipeline::Contribution> Parts::host_contributions() {
  std::vector<pipeline::Contribution> host = {live.contribution()};
  if (settings.chains.count("admin") != 0) host.push_back(admin.contribution());
  return host;
}

plugins::Askers::Submit Parts::submit() {
  return [this](std::function<void()> task, std::function<void()> expired) {
    return workers.submit(std::move(task), std::move(expired));
  };
}

pipeline::Ports Parts::pipeline_ports() {
  return pipeline::Ports{
      .clock = clock,
      .ids = ids,
      .logger = logger,
      .metrics = &metrics,
      .submit = submit(),
      .when =
          [this](const std::string& projection, log::Position position, uint32_t timeout_ms,
                 std::function<void(bool)> done) {
            reach(projection, position, timeout_ms, std::move(done));
          },
      .stored = [this](std::string_view scope) { return log->answer(scope); },
  };
}

// A projection that is not there now (its plugin is switched off) is not reached in time.
void Parts::reach(const std::string& projection, log::Position position, uint32_t timeout_ms,
                  std::function<void(bool)> done) {
  const auto shared =
      std::make_shared<std::function<void(bool)>>(std::move(done));  // ours until `when` has it
  try {
    consumers.when(projection, position, timeout_ms,
                   [shared](bool reached) { (*shared)(reached); });
  } catch (const Error&) {
    (*shared)(false);
  }
}

}  // namespace gantry::host
