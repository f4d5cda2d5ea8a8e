// HttpClient: a small blocking HTTP/1.1 client with one keep-alive connection, for tests from
// outside. It trusts nothing of the server's code. Not for untrusted servers.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gantry::tests {

struct Answer {
  int status = 0;                              // 0: no answer, the connection broke
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  bool closed = false;  // the server said Connection: close, or closed

  std::string header(const std::string& name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? std::string() : at->second;
  }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class HttpClient {
 public:
  explicit HttpClient(uint16_t port) : port_(port) {}
  ~HttpClient() { close(); }
  HttpClient(HttpClient&& other) noexcept
      : port_(other.port_),
        fd_(std::exchange(other.fd_, -1)),
        pending_(std::move(other.pending_)) {}
  HttpClient& operator=(HttpClient&&) = delete;

  // Sends one request and waits for its answer, at most timeout_ms. A connection that the server
  // closed while idle is opened again. Content-Type is application/json when there is a body.
  Answer request(std::string_view method, std::string_view target, std::string_view body = {},
                 const Headers& headers = {}, int timeout_ms = 40000);
  Answer get(std::string_view target, const Headers& headers = {}) {
    return request("GET", target, {}, headers);
  }
  Answer post(std::string_view target, std::string_view body = {}, const Headers& headers = {}) {
    return request("POST", target, body, headers);
  }

  void close();
  uint16_t port() const { return port_; }

 private:
  bool open();
  bool send_all(std::string_view bytes) const;
  bool fill(int timeout_ms);
  Answer read_answer(bool head, int timeout_ms);

  uint16_t port_;
  int fd_ = -1;
  std::string pending_;
};

// A socket to write raw bytes to; closed when destroyed. -1 when it cannot connect.
class RawSocket {
 public:
  explicit RawSocket(uint16_t port);
  ~RawSocket();
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;
  bool send(std::string_view bytes) const;
  // Everything until the server closes, or nothing comes for timeout_ms.
  std::string read_all(int timeout_ms) const;
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace gantry::tests
