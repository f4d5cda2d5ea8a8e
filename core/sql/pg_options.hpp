// sql::PgOptions: what every PostgreSQL connection of ours is told when it is opened. Each wait has
// an end.
#pragma once
#include <chrono>
#include <cstdint>

namespace gantry::sql {

struct PgOptions {
  bool insecure_transport = false;  // hosts over TCP may be spoken to without sslmode=verify-full
  std::chrono::milliseconds connect_timeout{5000};  // for each address; whole seconds, rounded up
  std::chrono::milliseconds statement_timeout{30000};  // not of migrations
  std::chrono::milliseconds lock_timeout{5000};        // for a lock of somebody else's
  std::chrono::milliseconds idle_in_transaction_timeout{8000};
  std::chrono::milliseconds append_idle_timeout{2000};  // the same, of who holds the log's lock
  std::chrono::seconds keepalive_idle{30};              // silence before the first probe
  std::chrono::seconds keepalive_interval{10};
  uint32_t keepalive_count = 3;                       // probes without an answer
  std::chrono::milliseconds tcp_user_timeout{30000};  // for what was sent to be acknowledged
};

}  // namespace gantry::sql
