// What a consumer of the log is: a projection (rows and checkpoint in one transaction, exactly
// once) or a process (decides, appends, asks for effects; at least once with stable command ids).
// There is no third kind. Declared by plugins through the plan; run by consume::Consumers.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/log/log.hpp"
#include "core/sql/session.hpp"

namespace gantry::consume {

// Streams by pattern: "payment-*" (a category) or "*" (all).
struct Filter {
  std::vector<std::string> streams;
  bool matches(std::string_view stream) const;
};

struct Projection {
  std::string name;  // "availability"; with version the key of its checkpoint
  uint32_t version = 1;
  std::string database;  // logical database of its rows: "projections", "auth", "events"
  Filter filter;
  // Writes the rows of one event. The session is inside the transaction that also moves the
  // checkpoint. Throwing gantry::Error or anything else fails the batch; it is tried again with
  // back-off.
  std::function<void(const log::Event&, sql::Session&)> apply;
};

struct Process {
  std::string name;  // "payments.settle"; the key of its checkpoint
  Filter filter;
  // Serial per stream, parallel across streams (at most consume.lanes at once). Returning means
  // done; throwing means: try again with back-off. May be called again for an event after a crash,
  // so every append uses a command id derived from (name, event id).
  std::function<void(const log::Event&)> handle;
};

}  // namespace gantry::consume
