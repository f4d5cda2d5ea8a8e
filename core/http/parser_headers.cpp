// Header fields, and what they say about where the message ends.
#include <cstring>
#include <limits>

#include "core/http/parser.hpp"
#include "core/http/syntax.hpp"

namespace gantry::http {
namespace {

// Checks one field line without its CRLF and lower-cases the name in place.
//   returns  length of the name, or 0 with *refusal set
size_t check_field_line(char* line, size_t length, Refusal* refusal) {
  size_t at = 0;
  while (at < length) {
    const char lower = kTokenLower[static_cast<uint8_t>(line[at])];
    if (lower == 0) break;
    line[at++] = lower;
  }
  const auto fault = [&](const Refusal& what) {
    *refusal = what;
    return size_t{0};
  };
  if (at == length) return fault(smuggling("a header field without a colon"));
  const char stop = line[at];
  if (stop != ':') {
    if (stop == '\r') return fault(smuggling("a bare CR in a header field"));
    if (!is_field_byte(stop)) return fault(bad_request("a control byte in a header field"));
    if (stop != ' ' && stop != '\t') {
      return fault(bad_request("a header name has a byte that is not allowed there"));
    }
    if (at == 0) return fault(smuggling("a folded header field"));
    const bool colon = std::memchr(line, ':', length) != nullptr;
    return fault(smuggling(colon ? "white space before the colon of a header field"
                                 : "a header field without a colon"));
  }
  if (at == 0) return fault(bad_request("an empty header name"));
  const size_t bad = bad_field_byte({line + at + 1, length - at - 1});
  if (bad != std::string_view::npos) {
    return fault(line[at + 1 + bad] == '\r' ? smuggling("a bare CR in a header field")
                                            : bad_request("a control byte in a header field"));
  }
  return at;
}

}  // namespace

bool HeadParser::header_line(char* line, size_t length, pipeline::Request& request) {
  const size_t name_length = check_field_line(line, length, &refusal_);
  if (name_length == 0) return false;
  const std::string_view name(line, name_length);
  const std::string_view value = trim({line + name_length + 1, length - name_length - 1});
  if (!known_header(name, value, request.http10)) return false;
  // "x_user" and "x-user" are one header to some programs behind us: only one spelling gets
  // through.
  if (name.find('_') == std::string_view::npos) request.headers.push_back({name, value});
  return true;
}

bool HeadParser::known_header(std::string_view name, std::string_view value, bool http10) {
  switch (name.size()) {
    case 4:
      if (name != "host") return true;
      if (++hosts_ > 1) return refuse(bad_request("two Host headers"));
      if (!is_authority(value)) return refuse(bad_request("a bad Host header"));
      host_ = value;
      return true;
    case 6:
      if (name != "expect") return true;
      if (!same_ignoring_case(value, "100-continue")) {
        return refuse(
            {417, "EXPECTATION_FAILED", "only Expect: 100-continue is understood", Reason::kParse});
      }
      framing_.expects_continue = !http10;
      return true;
    case 10:
      if (name == "connection") connection_options(value);
      return true;
    case 14:
      return name != "content-length" || content_length(value);
    case 17:
      if (name != "transfer-encoding") return true;
      if (has_transfer_encoding_) return refuse(smuggling("two Transfer-Encoding headers"));
      has_transfer_encoding_ = true;
      transfer_encoding_ = value;
      return true;
    default:
      return true;
  }
}

bool HeadParser::content_length(std::string_view value) {
  if (has_content_length_) return refuse(smuggling("two Content-Length headers"));
  has_content_length_ = true;
  if (value.empty()) return refuse(smuggling("an empty Content-Length header"));
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  uint64_t length = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return refuse(smuggling("Content-Length is not a number"));
    const auto digit = static_cast<uint64_t>(c - '0');
    length = length > (kMax - digit) / 10 ? kMax : length * 10 + digit;
  }
  framing_.content_length = length;
  return true;
}

void HeadParser::connection_options(std::string_view value) {
  while (!value.empty()) {
    const std::string_view option = next_element(value);
    if (same_ignoring_case(option, "close")) {
      wants_close_ = true;
    } else if (same_ignoring_case(option, "keep-alive")) {
      wants_keep_alive_ = true;
    } else if (!option.empty() && !same_ignoring_case(option, "upgrade")) {
      names_headers_ = true;
    }
  }
}

// RFC 9112 section 6.1; the connection closes after each of these.
bool HeadParser::transfer_coding() {
  if (same_ignoring_case(transfer_encoding_, "chunked")) return true;
  std::string_view list = transfer_encoding_;
  bool unknown = false;
  do {
    const std::string_view coding = next_element(list);
    if (!is_token(coding)) return refuse(smuggling("a malformed Transfer-Encoding header"));
    unknown = unknown || !same_ignoring_case(coding, "chunked");
  } while (!list.empty());
  if (!unknown || transfer_encoding_.ends_with(',')) {
    return refuse(smuggling("Transfer-Encoding is not exactly chunked"));
  }
  return refuse({501, "NOT_IMPLEMENTED", "a transfer coding other than chunked is not understood",
                 Reason::kSmuggling});
}

// What can be said only when all headers are known.
bool HeadParser::finish(pipeline::Request& request) {
  if (has_transfer_encoding_) {
    if (has_content_length_) {
      return refuse(smuggling("Content-Length together with Transfer-Encoding"));
    }
    if (request.http10) return refuse(smuggling("Transfer-Encoding in an HTTP/1.0 request"));
    if (!transfer_coding()) return false;
  }
  if (hosts_ == 0 && !request.http10) return refuse(bad_request("no Host header"));
  if (!authority_.empty() && hosts_ != 0 && !same_ignoring_case(authority_, host_)) {
    return refuse(bad_request("the Host header differs from the host in the request target"));
  }
  framing_.chunked = has_transfer_encoding_;
  framing_.keep_alive = !wants_close_ && (!request.http10 || wants_keep_alive_);
  request.has_body = has_transfer_encoding_ || has_content_length_;
  if (!names_headers_) return true;

  // Hop-by-hop headers end here (RFC 9110 section 7.6.1); those the edge itself goes by stay.
  const auto stays = [](std::string_view name) {
    return name == "connection" || name == "host" || name == "upgrade" ||
           name == "content-length" || name == "transfer-encoding";
  };
  const auto is_named = [&](const pipeline::Header& header) {
    if (stays(header.name)) return false;
    for (const pipeline::Header& each : request.headers) {
      if (each.name != "connection") continue;
      std::string_view list = each.value;
      while (!list.empty()) {
        if (same_ignoring_case(next_element(list), header.name)) return true;
      }
    }
    return false;
  };
  // Not std::erase_if: is_named reads the vector that it would be moving.
  std::vector<pipeline::Header> kept;
  for (const pipeline::Header& header : request.headers) {
    if (!is_named(header)) kept.push_back(header);
  }
  request.headers.assign(kept.begin(), kept.end());
  return true;
}

}  // namespace gantry::http
