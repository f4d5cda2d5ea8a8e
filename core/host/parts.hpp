// Parts: everything a running host is made of, in the order in which it is made. Destroyed in
// reverse, so each part may use those above it until its own end.
#pragma once
#include <memory>
#include <string>

#include "core/consume/consumers.hpp"
#include "core/host/admin_routes.hpp"
#include "core/host/control.hpp"
#include "core/host/data_directory.hpp"
#include "core/host/database_files.hpp"
#include "core/host/doorway.hpp"
#include "core/host/live_route.hpp"
#include "core/host/liveness.hpp"
#include "core/host/settings.hpp"
#include "core/host/storage.hpp"
#include "core/http/server.hpp"
#include "core/log/event_types.hpp"
#include "core/log/tail.hpp"
#include "core/observe/log_stream.hpp"
#include "core/observe/metrics.hpp"
#include "core/pipeline/pipeline.hpp"
#include "core/plugins/askers.hpp"
#include "core/plugins/consumer_control.hpp"
#include "core/plugins/health_board.hpp"
#include "core/plugins/kv_store.hpp"
#include "core/plugins/pipeline_publisher.hpp"
#include "core/plugins/registry.hpp"
#include "core/plugins/service_directory.hpp"
#include "core/runtime/system_clock.hpp"
#include "core/runtime/system_ids.hpp"
#include "core/runtime/workers.hpp"

namespace gantry::host {

struct Parts {
  Parts(Settings settings, const std::string& data_dir);
  ~Parts();

  // The server is drained, or never started. Ends everything that can still call a plugin, then the
  // plugins.
  void end();

  const Settings settings;
  DataDirectory data;
  runtime::SystemClock clock;
  runtime::SystemIds ids;
  const std::string instance;  // as the owner of leases
  observe::LogStream logger;
  observe::Metrics metrics;
  DatabaseFiles files;
  Databases databases;
  std::unique_ptr<log::Log> log;
  log::TypeArchive type_archive;
  log::EventTypes event_types;
  log::Tail tail;
  consume::TailSource source;
  runtime::Workers workers;
  runtime::Workers control;  // one thread: operations on plugins run one at a time
  consume::Consumers consumers;
  Doorway doorway;
  std::unique_ptr<http::Server> server;
  pipeline::Pipeline pipeline;
  plugins::Askers askers;
  plugins::KvStore kv;
  plugins::HealthBoard health;
  plugins::ServiceDirectory services;
  plugins::Ports ports;
  plugins::PipelinePublisher publisher;
  plugins::HostConsumers consumer_control;
  AdminRoutes admin;
  LiveRoute live;
  std::unique_ptr<plugins::Registry> registry;
  std::unique_ptr<Liveness> liveness;
  std::unique_ptr<ControlSocket> control_socket;

 private:
  std::vector<pipeline::Contribution> host_contributions();
  plugins::Askers::Submit submit();
  pipeline::Ports pipeline_ports();
  void reach(const std::string& projection, log::Position position, uint32_t timeout_ms,
             std::function<void(bool)> done);
};

}  // namespace gantry::host
