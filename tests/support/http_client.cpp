#include "tests/support/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "gantry/text.hpp"

namespace gantry::tests {
namespace {

int connect_to(uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    return -1;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

}  // namespace

void HttpClient::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  pending_.clear();
}

bool HttpClient::open() {
  if (fd_ < 0) fd_ = connect_to(port_);
  return fd_ >= 0;
}

bool HttpClient::send_all(std::string_view bytes) const { return write_all(fd_, bytes); }

// Reads more bytes; false at the end of the stream or after timeout_ms.
bool HttpClient::fill(int timeout_ms) {
  pollfd wait{fd_, POLLIN, 0};
  if (::poll(&wait, 1, timeout_ms) <= 0) return false;
  char buffer[16384];
  const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
  if (n <= 0) return false;
  pending_.append(buffer, static_cast<size_t>(n));
  return true;
}

Answer HttpClient::request(std::string_view method, std::string_view target, std::string_view body,
                           const Headers& headers, int timeout_ms) {
  std::string text = join(method, ' ', target, " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  bool typed = false;
  for (const auto& [name, value] : headers) {
    text += join(name, ": ", value, "\r\n");
    typed = typed || lower(name) == "content-type";
  }
  if (!body.empty()) {
    if (!typed) text += "Content-Type: application/json\r\n";
    text += join("Content-Length: ", body.size(), "\r\n");
  } else if (method != "GET" && method != "HEAD" && method != "DELETE") {
    text += "Content-Length: 0\r\n";
  }
  text += "\r\n";
  text += body;

  const bool reused = fd_ >= 0;
  if (!open()) return {};
  Answer answer;
  if (send_all(text)) answer = read_answer(method == "HEAD", timeout_ms);
  if (answer.status == 0 && reused &&
      pending_.empty()) {  // an idle connection may have been closed
    close();
    if (open() && send_all(text)) answer = read_answer(method == "HEAD", timeout_ms);
  }
  if (answer.status == 0 || answer.closed) close();
  return answer;
}

Answer HttpClient::read_answer(bool head, int timeout_ms) {
  Answer answer;
  size_t end;
  while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill(timeout_ms)) return {};
  }
  size_t at = pending_.find("\r\n");
  if (pending_.size() < 12) return {};
  answer.status = std::atoi(pending_.substr(9, 3).c_str());
  while (at < end) {
    const size_t next = pending_.find("\r\n", at + 2);
    const std::string line = pending_.substr(at + 2, next - at - 2);
    const size_t colon = line.find(':');
    if (colon != std::string::npos) {
      size_t value = colon + 1;
      while (value < line.size() && line[value] == ' ') ++value;
      answer.headers[lower(line.substr(0, colon))] = line.substr(value);
    }
    at = next;
  }
  pending_.erase(0, end + 4);
  answer.closed = lower(answer.header("connection")) == "close";
  if (head || answer.status == 204 || answer.status == 304) return answer;
  if (const std::string length = answer.header("content-length"); !length.empty()) {
    const size_t bytes = static_cast<size_t>(std::atoll(length.c_str()));
    while (pending_.size() < bytes) {
      if (!fill(timeout_ms)) return {};
    }
    answer.body = pending_.substr(0, bytes);
    pending_.erase(0, bytes);
  } else if (answer.header("transfer-encoding") == "chunked") {
    for (;;) {
      size_t line;
      while ((line = pending_.find("\r\n")) == std::string::npos) {
        if (!fill(timeout_ms)) return {};
      }
      const size_t bytes = std::strtoul(pending_.c_str(), nullptr, 16);
      while (pending_.size() < line + 2 + bytes + 2) {
        if (!fill(timeout_ms)) return {};
      }
      answer.body += pending_.substr(line + 2, bytes);
      pending_.erase(0, line + 2 + bytes + 2);
      if (bytes == 0) break;
    }
  } else {
    while (fill(timeout_ms)) {
    }
    answer.body = std::exchange(pending_, {});
    answer.closed = true;
  }
  return answer;
}

RawSocket::RawSocket(uint16_t port) : fd_(connect_to(port)) {}
RawSocket::~RawSocket() {
  if (fd_ >= 0) ::close(fd_);
}
bool RawSocket::send(std::string_view bytes) const { return write_all(fd_, bytes); }

std::string RawSocket::read_all(int timeout_ms) const {
  std::string out;
  char buffer[16384];
  pollfd wait{fd_, POLLIN, 0};
  while (::poll(&wait, 1, timeout_ms) > 0) {
    const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
    if (n <= 0) break;
    out.append(buffer, static_cast<size_t>(n));
  }
  return out;
}

}  // namespace gantry::tests
