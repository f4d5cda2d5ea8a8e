// Refusal: why the edge itself says no, before or instead of a handler. All text is static.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gantry::http {

// What the refusal counts as (metric label of http_requests_rejected_total).
enum class Reason : uint8_t {
  kParse,      // not HTTP, or a method or version that is not served
  kSmuggling,  // two readings of where the message ends are possible
  kHeaders,    // too many or too long
  kUri,        // too long
  kBody,       // too long
  kSlowHeader,
  kSlowBody,
  kHandlerTimeout,
  kDraining,  // the server stopped before the handler had answered
  kLimit,     // connections_max
  kIpLimit,   // connections_per_address_max
};
inline constexpr size_t kReasons = 11;

// "slow_header": the metric label.
inline constexpr std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::kParse:
      return "parse";
    case Reason::kSmuggling:
      return "smuggling";
    case Reason::kHeaders:
      return "headers";
    case Reason::kUri:
      return "uri";
    case Reason::kBody:
      return "body";
    case Reason::kSlowHeader:
      return "slow_header";
    case Reason::kSlowBody:
      return "slow_body";
    case Reason::kHandlerTimeout:
      return "handler_timeout";
    case Reason::kDraining:
      return "draining";
    case Reason::kLimit:
      return "limit";
    case Reason::kIpLimit:
      return "ip_limit";
  }
  return "unknown";
}

struct Refusal {
  int status = 0;
  std::string_view code;    // "BAD_REQUEST", for the problem document
  std::string_view detail;  // one sentence for humans
  Reason reason = Reason::kParse;
};

inline constexpr Refusal bad_request(std::string_view detail) {
  return {400, "BAD_REQUEST", detail, Reason::kParse};
}
// A fault that lets two parsers disagree about where the request ends.
inline constexpr Refusal smuggling(std::string_view detail) {
  return {400, "BAD_REQUEST", detail, Reason::kSmuggling};
}
inline constexpr Refusal headers_too_large(std::string_view detail) {
  return {431, "HEADERS_TOO_LARGE", detail, Reason::kHeaders};
}
inline constexpr Refusal kBodyTooLarge = {
    413, "PAYLOAD_TOO_LARGE", "the request body is larger than allowed here", Reason::kBody};

}  // namespace gantry::http
