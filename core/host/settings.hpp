// Settings: the checked configuration as the options of the parts it configures.
#pragma once
#include <map>
#include <string>

#include "core/config/node.hpp"
#include "core/consume/limits.hpp"
#include "core/http/limits.hpp"
#include "core/log/open_log.hpp"
#include "core/observe/log_stream.hpp"
#include "core/pipeline/chain.hpp"
#include "core/pipeline/pipeline.hpp"
#include "core/runtime/workers.hpp"
#include "core/sql/database.hpp"

namespace gantry::host {

struct Settings {
  std::string listen;
  unsigned loops = 0;
  uint32_t drain_timeout_ms = 0;  // of the whole server at shutdown
  uint32_t shutdown_delay_ms = 0;
  uint32_t plugin_drain_timeout_ms = 0;
  bool allow_draft = false;
  http::Limits http;
  runtime::WorkersOptions workers;
  pipeline::PipelineOptions pipeline;
  pipeline::ChainConfig chains;
  log::LogOptions log;
  bool validate_events = true;
  std::map<std::string, sql::DatabaseOptions> databases;  // "events", "projections", "auth"
  consume::Limits consume;
  observe::LogStreamOptions logging;
};

// `root` has passed the check and has its defaults.
Settings settings_of(const config::Node& root, const std::string& data_dir);

}  // namespace gantry::host
