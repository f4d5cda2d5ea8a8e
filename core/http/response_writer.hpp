// The head of an answer, and the Date line in it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"

namespace gantry::http {

// How the client learns where the body ends.
enum class Length : uint8_t {
  kNone,     // 204, 304: there is no body
  kBytes,    // Content-Length
  kChunked,  // Transfer-Encoding: chunked
  kClose,    // the connection closes: a streamed answer to HTTP/1.0
};

struct ResponseHead {
  int status = 200;
  std::string_view date_line;   // "Date: …\r\n"
  std::string_view connection;  // "close", "keep-alive" or empty for no such header
  Length length = Length::kBytes;
  uint64_t body_bytes = 0;
  std::string_view headers;  // complete lines of the handler
};

// Appends status line, headers and the blank line to `out`.
void write_head(std::string& out, const ResponseHead& head);

inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// Appends one chunk of 1.. bytes.
void write_chunk(std::string& out, std::string_view bytes);

// True when answers of that status never have a body (RFC 9110 section 6.4.1).
inline bool is_bodiless(int status) { return status < 200 || status == 204 || status == 304; }

// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", made once per second. One per loop.
class DateLine {
 public:
  std::string_view at(const base::Clock& clock, int64_t monotonic_ns);

 private:
  int64_t stale_ns_ = 0;
  std::string line_;
};

}  // namespace gantry::http
