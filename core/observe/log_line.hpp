// LogLine: turns one record into one line of text. Pure: no clock, no output.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/observe/log.hpp"
#include "gantry/instant.hpp"

namespace gantry::observe {

struct LogRecord {
  Level level = Level::kInfo;
  Instant at;
  std::string_view event;
  std::string_view message;
  Fields fields;
  uint64_t suppressed = 0;  // lines of this event left out before this one
};

struct LogLineOptions {
  std::string service = "gantry";
  std::string instance = {};
  std::string version = {};
  uint32_t field_bytes_max = 2048;  // of a value and of the message, before escaping
  uint32_t line_bytes_max = 16384;  // of the finished line; fields that do not fit are left out
};

class LogLine {
 public:
  explicit LogLine(LogLineOptions options);

  // One JSON object and a newline: timestamp (RFC 3339, UTC, µs), level, message, service,
  // instance, version, event, then the fields; "truncated":true when anything was cut. A field that
  // carries one of those names gets it with "field_" in front.
  std::string json(const LogRecord& record) const;

  // One line for a terminal: time, level, event, message, fields as name=value.
  std::string pretty(const LogRecord& record, bool colour) const;

 private:
  LogLineOptions options_;
  std::string identity_;  // ,"service":…,"instance":…,"version":… as it stands in every line
};

}  // namespace gantry::observe
