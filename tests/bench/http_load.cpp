#include "tests/bench/http_load.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace gantry::bench {
namespace {

bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view find_header(std::string_view headers, std::string_view name) {
  while (!headers.empty()) {
    const size_t end = headers.find("\r\n");
    const std::string_view line = headers.substr(0, end);
    const size_t colon = line.find(':');
    if (colon != line.npos && same_letters(line.substr(0, colon), name)) {
      const size_t begin = line.find_first_not_of(' ', colon + 1);
      return begin == line.npos ? std::string_view() : line.substr(begin);
    }
    if (end == headers.npos) break;
    headers.remove_prefix(end + 2);
  }
  return {};
}

size_t number_of(std::string_view digits) {
  size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace

std::string header_of(const LoadAnswer& answer, std::string_view name) {
  return std::string(find_header(answer.headers, name));
}

int64_t HttpLoad::now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

HttpLoad::HttpLoad(uint16_t port) : port_(port), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::runtime_error("epoll");
}

HttpLoad::~HttpLoad() {
  for (const auto& connection : connections_) {
    if (connection->fd >= 0) ::close(connection->fd);
  }
  ::close(epoll_);
}

size_t HttpLoad::connect() {
  connections_.push_back(std::make_unique<Connection>());
  open(*connections_.back(), connections_.size() - 1);
  return connections_.size() - 1;
}

void HttpLoad::open(Connection& connection, size_t number) {
  connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection.fd < 0) throw std::runtime_error("no file descriptor is left for a connection");
  const int on = 1;
  setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    const int failed = errno;
    ::close(std::exchange(connection.fd, -1));
    throw std::runtime_error(std::string("connect: ") + std::strerror(failed));
  }
  connection.in.clear();
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = number;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
  connection.writing = false;
}

void HttpLoad::send(size_t number, const LoadRequest& request, Done done) {
  Connection& connection = *connections_[number];
  if (connection.fd < 0) open(connection, number);
  std::string& out = connection.out;
  out.assign(request.method);
  out.append(" ").append(request.target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  if (!request.token.empty())
    out.append("Authorization: Bearer ").append(request.token).append("\r\n");
  if (!request.key.empty()) out.append("Idempotency-Key: ").append(request.key).append("\r\n");
  if (!request.body.empty()) {
    out.append("Content-Type: application/json\r\nContent-Length: ");
    out.append(std::to_string(request.body.size())).append("\r\n");
  } else if (request.method != "GET") {
    out.append("Content-Length: 0\r\n");
  }
  out.append("\r\n").append(request.body);
  connection.sent = 0;
  connection.done = std::move(done);
  write(number);
}

void HttpLoad::write(size_t number) {
  Connection& connection = *connections_[number];
  while (connection.sent < connection.out.size()) {
    const ssize_t n = ::send(connection.fd, connection.out.data() + connection.sent,
                             connection.out.size() - connection.sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) return watch(number, true);
      return finish(number, {});
    }
    connection.sent += static_cast<size_t>(n);
  }
  if (connection.writing) watch(number, false);
}

void HttpLoad::watch(size_t number, bool write) {
  Connection& connection = *connections_[number];
  connection.writing = write;
  epoll_event event{};
  event.events = EPOLLIN;
  if (write) event.events |= EPOLLOUT;
  event.data.u64 = number;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd, &event);
}

void HttpLoad::read(size_t number) {
  Connection& connection = *connections_[number];
  char piece[16384];
  const ssize_t n = recv(connection.fd, piece, sizeof piece, MSG_DONTWAIT);
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) return finish(number, {});
  connection.in.append(piece, static_cast<size_t>(n));
  const size_t end = connection.in.find("\r\n\r\n");
  if (end == std::string::npos) return;
  const std::string_view head(connection.in.data(), end);
  const size_t length = number_of(find_header(head, "content-length"));
  if (connection.in.size() < end + 4 + length) return;
  LoadAnswer answer;
  answer.status = static_cast<int>(number_of(head.substr(9, 3)));
  answer.headers = head.substr(std::min(head.size(), head.find("\r\n") + 2));
  answer.body = connection.in.substr(end + 4, length);
  connection.in.erase(0, end + 4 + length);
  if (same_letters(find_header(answer.headers, "connection"), "close"))
    ::close(std::exchange(connection.fd, -1));
  finish(number, answer);
}

void HttpLoad::finish(size_t number, const LoadAnswer& answer) {
  Connection& connection = *connections_[number];
  if (answer.status == 0 && connection.fd >= 0) ::close(std::exchange(connection.fd, -1));
  if (Done done = std::exchange(connection.done, nullptr)) done(answer);
}

void HttpLoad::at(int64_t monotonic_ns, std::function<void()> task) {
  tasks_.emplace(monotonic_ns, std::move(task));
}

void HttpLoad::run(const std::function<bool()>& over) {
  std::vector<epoll_event> events(1024);
  while (!over()) {
    int wait_ms = 100;
    if (!tasks_.empty()) {
      const int64_t left = tasks_.begin()->first - now_ns();
      wait_ms = left <= 0 ? 0 : static_cast<int>(std::min<int64_t>(left / 1'000'000 + 1, wait_ms));
    }
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms);
    for (int i = 0; i < count; ++i) {
      const size_t number = events[static_cast<size_t>(i)].data.u64;
      if (connections_[number]->fd < 0) continue;
      if ((events[static_cast<size_t>(i)].events & EPOLLOUT) != 0) write(number);
      if (connections_[number]->fd >= 0 &&
          (events[static_cast<size_t>(i)].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        read(number);
      }
    }
    while (!tasks_.empty() && tasks_.begin()->first <= now_ns()) {
      const auto task = std::move(tasks_.begin()->second);
      tasks_.erase(tasks_.begin());
      task();
    }
  }
}

}  // namespace gantry::bench
