// HeadParser: the head of an HTTP/1.1 request, from bytes to views. No sockets, no copies.
// Strict RFC 9112: whatever two parsers could read differently is refused.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/http/limits.hpp"
#include "core/http/refusal.hpp"
#include "core/pipeline/exchange.hpp"

namespace gantry::http {

// How the bytes after the head are cut, and what the connection does next.
struct Framing {
  bool chunked = false;
  uint64_t content_length = 0;  // 0 when chunked; saturates at UINT64_MAX
  bool keep_alive = false;      // asked for by the client
  bool expects_continue = false;
};

class HeadParser {
 public:
  enum class State { kMore, kDone, kRefused };

  // Continues with the bytes from the first of the request to the last received.
  //
  //   data      same address as in the last call, or call reset() first; header names are
  //             lower-cased in place
  //   size      grows from call to call
  //   request   filled line by line with views into data; complete when kDone is returned
  //   returns   kMore until the blank line; the result does not depend on how the bytes were cut
  //
  // Every complete line is looked at once. No allocation, but for request.headers' own growth.
  State parse(char* data, size_t size, pipeline::Request& request, const Limits& limits);

  // Valid after kDone.
  const Framing& framing() const { return framing_; }
  size_t head_bytes() const { return line_; }  // blank line included

  // Valid after kRefused.
  const Refusal& refusal() const { return refusal_; }

  // Forgets everything; the caller clears the request.
  void reset() { *this = HeadParser(); }

 private:
  bool request_line(char* line, size_t length, pipeline::Request& request);
  bool target(std::string_view text, pipeline::Request& request);
  bool header_line(char* line, size_t length, pipeline::Request& request);
  bool known_header(std::string_view name, std::string_view value, bool http10);
  bool content_length(std::string_view value);
  void connection_options(std::string_view value);
  bool finish(pipeline::Request& request);
  bool transfer_coding();
  bool refuse(const Refusal& refusal);  // false, always

  size_t scanned_ = 0;  // bytes searched for a line end
  size_t line_ = 0;     // start of the line under way
  uint32_t header_bytes_ = 0;
  uint32_t header_count_ = 0;
  bool in_headers_ = false;
  bool blank_line_ = false;  // the one allowed before the request line was seen

  std::string_view authority_;  // of an absolute-form target
  std::string_view host_;
  std::string_view transfer_encoding_;
  uint8_t hosts_ = 0;
  bool has_content_length_ = false;
  bool has_transfer_encoding_ = false;
  bool wants_close_ = false;
  bool wants_keep_alive_ = false;
  bool names_headers_ = false;  // Connection lists more than close, keep-alive, upgrade

  Framing framing_;
  Refusal refusal_;
};

}  // namespace gantry::http
