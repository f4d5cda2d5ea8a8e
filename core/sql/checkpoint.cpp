#include "core/sql/checkpoint.hpp"

#include "checkpoint_migrations.hpp"

namespace gantry::sql {

std::vector<Migration> checkpoint_migrations(std::string_view engine) {
  return embedded_migrations("checkpoint", ::checkpoint_migrations::kEngines, engine);
}

}  // namespace gantry::sql
