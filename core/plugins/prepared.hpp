// Prepared: what one plugin declared in prepare(), copied and checked entry by entry.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/consume/consumer.hpp"
#include "core/log/event_type.hpp"
#include "core/pipeline/contribution.hpp"
#include "core/plugins/health_board.hpp"
#include "core/plugins/service_directory.hpp"
#include "core/sql/migrations.hpp"

namespace gantry::plugins {

struct PlannedMigration {
  std::string database;  // logical name
  std::string engine;
  sql::Migration migration;
};

struct Prepared {
  pipeline::Contribution contribution;
  std::vector<consume::Projection> projections;
  std::vector<consume::Process> processes;
  std::vector<PlannedMigration> migrations;
  std::vector<HealthCheck> health_checks;
  std::vector<OfferedService> services;
  std::vector<log::DeclaredType> event_types;  // v1, v2 … of each name
};

}  // namespace gantry::plugins
