// Lines and the request line; the header fields are in parser_headers.cpp.
#include "core/http/parser.hpp"

#include <algorithm>
#include <cstring>

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

}  // namespace gantry::http
