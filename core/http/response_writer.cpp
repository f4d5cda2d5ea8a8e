#include "core/http/response_writer.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>

namespace gantry::http {
namespace {

// "HTTP/1.1 200 OK\r\n" for those that occur; an unlisted one goes without a phrase.
std::string_view status_line(int status) {
  switch (status) {
    case 200:
      return "HTTP/1.1 200 OK\r\n";
    case 201:
      return "HTTP/1.1 201 Created\r\n";
    case 202:
      return "HTTP/1.1 202 Accepted\r\n";
    case 204:
      return "HTTP/1.1 204 No Content\r\n";
    case 206:
      return "HTTP/1.1 206 Partial Content\r\n";
    case 301:
      return "HTTP/1.1 301 Moved Permanently\r\n";
    case 302:
      return "HTTP/1.1 302 Found\r\n";
    case 303:
      return "HTTP/1.1 303 See Other\r\n";
    case 304:
      return "HTTP/1.1 304 Not Modified\r\n";
    case 307:
      return "HTTP/1.1 307 Temporary Redirect\r\n";
    case 308:
      return "HTTP/1.1 308 Permanent Redirect\r\n";
    case 400:
      return "HTTP/1.1 400 Bad Request\r\n";
    case 401:
      return "HTTP/1.1 401 Unauthorized\r\n";
    case 402:
      return "HTTP/1.1 402 Payment Required\r\n";
    case 403:
      return "HTTP/1.1 403 Forbidden\r\n";
    case 404:
      return "HTTP/1.1 404 Not Found\r\n";
    case 405:
      return "HTTP/1.1 405 Method Not Allowed\r\n";
    case 406:
      return "HTTP/1.1 406 Not Acceptable\r\n";
    case 408:
      return "HTTP/1.1 408 Request Timeout\r\n";
    case 409:
      return "HTTP/1.1 409 Conflict\r\n";
    case 410:
      return "HTTP/1.1 410 Gone\r\n";
    case 412:
      return "HTTP/1.1 412 Precondition Failed\r\n";
    case 413:
      return "HTTP/1.1 413 Content Too Large\r\n";
    case 414:
      return "HTTP/1.1 414 URI Too Long\r\n";
    case 415:
      return "HTTP/1.1 415 Unsupported Media Type\r\n";
    case 417:
      return "HTTP/1.1 417 Expectation Failed\r\n";
    case 422:
      return "HTTP/1.1 422 Unprocessable Content\r\n";
    case 423:
      return "HTTP/1.1 423 Locked\r\n";
    case 425:
      return "HTTP/1.1 425 Too Early\r\n";
    case 426:
      return "HTTP/1.1 426 Upgrade Required\r\n";
    case 428:
      return "HTTP/1.1 428 Precondition Required\r\n";
    case 429:
      return "HTTP/1.1 429 Too Many Requests\r\n";
    case 431:
      return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
    case 500:
      return "HTTP/1.1 500 Internal Server Error\r\n";
    case 501:
      return "HTTP/1.1 501 Not Implemented\r\n";
    case 502:
      return "HTTP/1.1 502 Bad Gateway\r\n";
    case 503:
      return "HTTP/1.1 503 Service Unavailable\r\n";
    case 504:
      return "HTTP/1.1 504 Gateway Timeout\r\n";
    case 505:
      return "HTTP/1.1 505 HTTP Version Not Supported\r\n";
    default:
      return {};
  }
}

template <class T>
void append_number(std::string& out, T number, int base = 10) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, base).ptr;
  out.append(digits, static_cast<size_t>(end - digits));
}

}  // namespace

void write_head(std::string& out, const ResponseHead& head) {
  const std::string_view first = status_line(head.status);
  if (!first.empty()) {
    out.append(first);
  } else {
    out.append("HTTP/1.1 ");
    append_number(out, head.status);
    out.append(" \r\n");
  }
  out.append(head.date_line);
  if (head.length == Length::kBytes) {
    out.append("Content-Length: ");
    append_number(out, head.body_bytes);
    out.append("\r\n");
  } else if (head.length == Length::kChunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
  if (!head.connection.empty()) {
    out.append("Connection: ").append(head.connection).append("\r\n");
  }
  out.append(head.headers).append("\r\n");
}

void write_chunk(std::string& out, std::string_view bytes) {
  append_number(out, bytes.size(), 16);
  out.append("\r\n").append(bytes).append("\r\n");
}

std::string_view DateLine::at(const base::Clock& clock, int64_t monotonic_ns) {
  if (monotonic_ns < stale_ns_) return line_;
  using namespace std::chrono;
  constexpr int64_t kSecondUs = 1'000'000;
  const int64_t now_us = clock.now().us();
  stale_ns_ = monotonic_ns + (kSecondUs - now_us % kSecondUs) * 1000;

  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_time<seconds> point{seconds(now_us / kSecondUs)};
  const auto day = floor<days>(point);
  const year_month_day date{day};
  const hh_mm_ss time{point - day};
  char text[64];
  std::snprintf(text, sizeof text, "Date: %s, %02u %s %04d %02d:%02d:%02d GMT\r\n",
                kDays[weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  line_ = text;
  return line_;
}

}  // namespace gantry::http
