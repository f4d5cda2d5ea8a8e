// Bounds of the consumers; the configuration section `consume`.
#pragma once
#include <cstdint>

namespace gantry::consume {

struct Limits {
  uint32_t batch_events_max = 500;  // of one projection transaction
  uint32_t batch_ms_max = 20;       // of one projection transaction, before its commit
  uint32_t retry_initial_ms = 100;  // doubles up to …
  uint32_t retry_max_ms = 30000;
  uint32_t lanes = 8;             // streams of one process at work at once
  uint32_t lane_queue_max = 256;  // events read ahead, or waiting behind a failing one, per lane
  uint32_t threads = 8;           // shared by the lanes of all processes
  uint32_t checkpoint_ms = 200;   // at most so often is a checkpoint written without rows …
  uint32_t checkpoint_events = 1000;  // … or after so many events
  uint32_t waiters_max = 10000;       // of Consumers::when, per consumer
  uint32_t lease_ms = 10000;          // an instance that is silent for so long loses its consumers
  uint32_t standby_poll_ms = 1000;    // a consumer that runs elsewhere is looked at so often (at
                                      // most half a lease apart) …
  uint32_t standby_follow_ms = 20;    // … and so often while somebody waits for its position
};

}  // namespace gantry::consume
