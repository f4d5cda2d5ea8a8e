// Client: a raw TCP client that says exactly what a test wants said.
#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace gantry::http {

// One parsed answer.
struct Answer {
  int status = 0;
  std::string head;  // without the blank line
  std::string body;  // de-chunked
  bool has(std::string_view line) const { return head.find(line) != std::string::npos; }
};

class Client {
 public:
  // Every wait is bounded: a test that would hang fails instead.
  static constexpr int kPatienceMs = 20'000;

  explicit Client(uint16_t port, int receive_buffer_bytes = 0) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer_bytes != 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Client(Client&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        connected_(other.connected_),
        reset_(other.reset_),
        input_(std::move(other.input_)) {}
  ~Client() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool connected() const { return connected_; }
  bool reset() const { return reset_; }  // the server cut the connection instead of closing it

  // False when the server does not take the bytes any more.
  bool say(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  void finish() { ::shutdown(fd_, SHUT_WR); }
  // Closes with a reset.
  void vanish() {
    const linger hard{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    ::close(std::exchange(fd_, -1));
  }

  // Everything until the server closes.
  std::string rest() {
    while (more()) {
    }
    return std::exchange(input_, {});
  }
  // True when the server closes without another byte.
  bool closed() { return rest().empty(); }

  // The next answer; status 0 when the connection ends before it is complete.
  Answer answer(bool to_head = false) {
    Answer answer;
    size_t end;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return {};
    }
    answer.head = input_.substr(0, end);
    input_.erase(0, end + 4);
    const int status = std::atoi(answer.head.c_str() + 9);
    if (to_head || status < 200 || status == 204 || status == 304) {
      answer.status = status;
    } else if (answer.has("Transfer-Encoding: chunked")) {
      if (chunked(answer.body)) answer.status = status;
    } else if (const size_t at = answer.head.find("Content-Length: "); at != std::string::npos) {
      const auto length = static_cast<size_t>(std::atoll(answer.head.c_str() + at + 16));
      if (take(length, answer.body)) answer.status = status;
    } else {
      answer.body = rest();
      answer.status = status;
    }
    return answer;
  }
  Answer ask(std::string_view request) {
    say(request);
    return answer();
  }

 private:
  bool more() {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, kPatienceMs) <= 0) {
      ADD_FAILURE() << "the server neither answers nor closes";
      return false;
    }
    char bytes[16 * 1024];
    const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got < 0) reset_ = true;
    if (got <= 0) return false;
    input_.append(bytes, static_cast<size_t>(got));
    return true;
  }
  bool take(size_t length, std::string& into) {
    while (input_.size() < length) {
      if (!more()) return false;
    }
    into.append(input_, 0, length);
    input_.erase(0, length);
    return true;
  }
  bool chunked(std::string& into) {
    for (;;) {
      size_t end;
      while ((end = input_.find("\r\n")) == std::string::npos) {
        if (!more()) return false;
      }
      const size_t length = std::strtoul(input_.c_str(), nullptr, 16);
      input_.erase(0, end + 2);
      std::string line_end;
      if (!take(length, into) || !take(2, line_end) || line_end != "\r\n") return false;
      if (length == 0) return true;
    }
  }

  int fd_ = -1;
  bool connected_ = false;
  bool reset_ = false;
  std::string input_;
};

}  // namespace gantry::http
