#include "core/http/parser.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/http/syntax.hpp"

namespace gantry::http {
namespace {

constexpr Refusal kUriTooLong = {414, "URI_TOO_LONG", "the request line is longer than allowed",
                                 Reason::kUri};
constexpr Refusal kHeadersTooLong = headers_too_large("the header fields are longer than allowed");
constexpr Refusal kBareLf = smuggling("a line ends in LF without CR");

bool is_served(std::string_view method) {
  return method == "GET" || method == "POST" || method == "HEAD" || method == "PUT" ||
         method == "DELETE" || method == "PATCH" || method == "OPTIONS";
}

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

bool HeadParser::refuse(const Refusal& refusal) {
  refusal_ = refusal;
  return false;
}

HeadParser::State HeadParser::parse(char* data, size_t size, pipeline::Request& request,
                                    const Limits& limits) {
  for (;;) {
    auto* newline = static_cast<char*>(std::memchr(data + scanned_, '\n', size - scanned_));
    if (newline == nullptr) {
      scanned_ = size;
      // The same verdict as for the complete line: it has at least one byte more.
      const size_t partial = size - line_;
      if (!in_headers_ && partial > size_t{limits.request_line_bytes_max} + 1) {
        refuse(kUriTooLong);
        return State::kRefused;
      }
      if (in_headers_ && header_bytes_ + partial > limits.header_bytes_max) {
        refuse(kHeadersTooLong);
        return State::kRefused;
      }
      return State::kMore;
    }
    char* line = data + line_;
    const auto bytes = static_cast<size_t>(newline - line) + 1;
    const bool crlf = bytes >= 2 && newline[-1] == '\r';
    const size_t length = bytes - (crlf ? 2 : 1);
    scanned_ = line_ = line_ + bytes;

    bool good;
    if (in_headers_) {
      header_bytes_ += static_cast<uint32_t>(std::min<size_t>(bytes, UINT32_MAX / 2));
      if (header_bytes_ > limits.header_bytes_max) {
        good = refuse(kHeadersTooLong);
      } else if (!crlf) {
        good = refuse(kBareLf);
      } else if (length == 0) {
        return finish(request) ? State::kDone : State::kRefused;
      } else if (++header_count_ > limits.headers_max) {
        good = refuse(headers_too_large("there are more header fields than allowed"));
      } else {
        good = header_line(line, length, request);
      }
    } else if (length > limits.request_line_bytes_max) {
      good = refuse(kUriTooLong);
    } else if (!crlf) {
      good = refuse(kBareLf);
    } else if (length == 0) {
      good = !blank_line_ || refuse(bad_request("more than one empty line before the request"));
      blank_line_ = true;
    } else {
      good = request_line(line, length, request);
      in_headers_ = true;
    }
    if (!good) return State::kRefused;
  }
}

// method SP request-target SP HTTP-version (RFC 9112 section 3)
bool HeadParser::request_line(char* line, size_t length, pipeline::Request& request) {
  const std::string_view text(line, length);
  const size_t bad = bad_field_byte(text);
  if (bad != std::string_view::npos) {
    return text[bad] == '\r' ? refuse(smuggling("a bare CR in the request line"))
                             : refuse(bad_request("a control byte in the request line"));
  }
  const size_t first = text.find(' ');
  const size_t second = first == std::string_view::npos ? first : text.find(' ', first + 1);
  if (second == std::string_view::npos) {
    return refuse(bad_request("the request line is not method, target and version"));
  }
  const std::string_view version = text.substr(second + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) ||
      version[6] != '.' || !is_digit(version[7])) {
    return refuse(bad_request("the request line does not end in an HTTP version"));
  }
  request.method = text.substr(0, first);
  request.target = text.substr(first + 1, second - first - 1);
  if (!is_token(request.method)) return refuse(bad_request("the method is not a token"));
  if (version[5] != '1' || version[7] > '1') {
    return refuse({505, "HTTP_VERSION_NOT_SUPPORTED", "only HTTP/1.1 and HTTP/1.0 are served",
                   Reason::kParse});
  }
  request.http10 = version[7] == '0';
  if (!is_served(request.method)) {
    if (request.method == "TRACE" || request.method == "CONNECT") {
      return refuse(
          {405, "METHOD_NOT_ALLOWED", "TRACE and CONNECT are not served", Reason::kParse});
    }
    return refuse({501, "NOT_IMPLEMENTED", "the method is not known", Reason::kParse});
  }
  return target(request.target, request);
}

// origin-form, absolute-form, or "*" for OPTIONS (RFC 9112 section 3.2)
bool HeadParser::target(std::string_view text, pipeline::Request& request) {
  if (text == "*" && request.method == "OPTIONS") {
    request.path = text;
    return true;
  }
  if (!is_target(text)) {
    return text.find('#') != std::string_view::npos
               ? refuse(bad_request("a fragment in the request target"))
               : refuse(bad_request("the request target has a byte that must be percent-encoded"));
  }
  if (!text.starts_with('/')) {
    const size_t scheme = text.find("://");
    if (scheme == std::string_view::npos ||
        (!same_ignoring_case(text.substr(0, scheme), "http") &&
         !same_ignoring_case(text.substr(0, scheme), "https"))) {
      return refuse(bad_request("the request target is neither a path nor an http URL"));
    }
    text.remove_prefix(scheme + 3);
    authority_ = text.substr(0, text.find_first_of("/?"));
    if (!is_authority(authority_))
      return refuse(bad_request("bad authority in the request target"));
    text.remove_prefix(authority_.size());
  }
  const size_t question = text.find('?');
  request.path = text.substr(0, question);
  if (question != std::string_view::npos) request.query = text.substr(question + 1);
  if (request.path.empty()) request.path = "/";
  return true;
}

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
