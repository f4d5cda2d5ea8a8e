// Exchange: one HTTP request and its answer, from the last header byte to the last byte sent.
// Lives on one event loop; every member is touched on that loop's thread only, unless said
// otherwise. Pooled: an Exchange is never freed while the server runs, so a stale handle finds a
// newer generation instead of freed memory.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "core/runtime/loop.hpp"
#include "gantry/instant.hpp"

namespace gantry::pipeline {

struct Header {
  std::string_view name;  // requests: lower case
  std::string_view value;
};

// Everything here points into buffers that live as long as the exchange.
struct Request {
  std::string_view method;  // "GET"
  std::string_view target;  // as sent: "/api/events?page_size=2"
  std::string_view path;    // "/api/events", still percent-encoded
  std::string_view query;   // "page_size=2", without the question mark
  std::vector<Header> headers;
  std::string_view body;  // whole, de-chunked; empty until the body is complete
  std::string_view peer;  // client address, "127.0.0.1"
  bool has_body = false;  // a body was announced, even one of zero bytes
  bool http10 = false;

  // First header of that lower-case name, or empty.
  std::string_view header(std::string_view name) const {
    for (const Header& h : headers) {
      if (h.name == name) return h.value;
    }
    return {};
  }
};

struct Response {
  int status = 0;       // 0: nobody has answered yet
  std::string headers;  // "name: value\r\n" lines, without content-length, connection and date
  std::string body;
  bool close = false;  // close the connection after this answer

  void header(std::string_view name, std::string_view value) {
    headers.append(name).append(": ").append(value).append("\r\n");
  }
  // Takes away every header of that name (any case).
  void remove_header(std::string_view name);
  // True when a header of that name (any case) has been set.
  bool has_header(std::string_view name) const;
  // Value of the first header of that name (any case), or empty.
  std::string_view header_value(std::string_view name) const;
};

class Exchange;

using runtime::Loop;

// The connection an exchange came in on. Loop thread only.
class Transport {
 public:
  virtual ~Transport() = default;
  // The answer in exchange.response is complete: send it (with content-length) and end the
  // exchange.
  virtual void send(Exchange& exchange) = 0;
  // Chunked answer: send the head, then pieces, then the end. A piece returns false when the bytes
  // waiting for the peer exceed `http.stream_buffer_bytes_max`; nothing of it was taken then.
  virtual void stream_head(Exchange& exchange) = 0;
  virtual bool stream_piece(Exchange& exchange, std::string_view bytes) = 0;
  virtual void stream_end(Exchange& exchange) = 0;
};

// What the pipeline keeps about an exchange between two steps; defined in pipeline/run.hpp.
struct Run;

class Exchange {
 public:
  Request request;
  Response response;
  std::string request_id;  // set by the pipeline before anything else sees the exchange
  Loop* loop = nullptr;
  Transport* transport = nullptr;
  Run* run = nullptr;
  uint64_t body_bytes_max = 0;          // set by Handler::head, obeyed by the transport
  int64_t started_ns = 0;               // monotonic
  uint64_t request_bytes = 0;           // head and body as received
  uint32_t slot = 0;                    // index in the loop's pool
  std::atomic<uint32_t> generation{1};  // bumped when the exchange ends; readable from any thread

  Exchange() : arena_(first_.data(), first_.size()) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Memory that lives until the exchange ends.
  std::pmr::memory_resource& arena() { return arena_; }
  std::string_view keep(std::string_view text);

  // Called by the transport when the exchange has ended; keeps capacity for the next one.
  void reset();

 private:
  alignas(std::max_align_t) std::array<std::byte, 1024> first_;
  std::pmr::monotonic_buffer_resource arena_;
};

// Whoever answers requests: the pipeline in the server, a lambda in a test. Loop thread only.
class Handler {
 public:
  virtual ~Handler() = default;

  // The head has been read. Sets exchange.body_bytes_max. If it sets exchange.response.status, the
  // transport sends that answer at once and closes if a body was announced (it is never read).
  virtual void head(Exchange& exchange) = 0;

  // The request is complete. Ends, now or later, in exactly one transport send or stream_end.
  virtual void request(Exchange& exchange) = 0;

  // The edge itself refuses (framing, limits, time): fills exchange.response with a problem
  // document. `request` may be empty or half filled. The transport sends it and closes the
  // connection. Afterwards request() is not called; if it had been, its late answer is dropped.
  virtual void refuse(Exchange& exchange, int status, std::string_view code,
                      std::string_view detail) = 0;

  // The exchange is over: answer sent, refused, or the peer gone. `sent` is false when the peer
  // went away first. Last call for this exchange; the transport resets it afterwards.
  virtual void ended(Exchange& exchange, bool sent) = 0;
};

}  // namespace gantry::pipeline
