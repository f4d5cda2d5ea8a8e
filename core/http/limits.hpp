// Limits: how much of everything one client may use of the HTTP edge.
#pragma once
#include <cstdint>

namespace gantry::http {

struct Limits {
  uint32_t connections_max = 10'000;  // all loops; at most the file descriptor limit less 64
  uint32_t connections_per_address_max = 100;   // per IPv4 address or IPv6 /64; 0 = no limit
  uint32_t request_line_bytes_max = 8192;       // 414
  uint32_t header_bytes_max = 8192;             // all lines after the request line; 431
  uint32_t headers_max = 100;                   // 431
  uint64_t body_bytes_max = 1024 * 1024;        // unless the route says otherwise; 413
  uint32_t header_timeout_ms = 10'000;          // first byte to blank line; 408
  uint32_t body_timeout_ms = 30'000;            // blank line to last body byte; 408
  uint32_t body_rate_min_bytes_per_s = 500;     // average since the blank line; 408; 0 = any rate
  uint32_t body_rate_grace_ms = 5'000;          // before the rate counts
  uint32_t handler_timeout_ms = 30'000;         // request complete to answer; 504
  uint32_t write_stall_timeout_ms = 30'000;     // no byte taken by the peer; reset
  uint32_t keep_alive_timeout_ms = 15'000;      // no byte of a request; closed
  uint32_t requests_per_connection_max = 1000;  // 0 = no limit
  uint32_t pipeline_bytes_max = 16 * 1024;      // read ahead of the request under way
  uint32_t stream_buffer_bytes_max = 1024 * 1024;  // of a streamed answer, waiting for the peer
};

}  // namespace gantry::http
