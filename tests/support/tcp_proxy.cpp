#include "tests/support/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace gantry::tests {
namespace {

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int tcp_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace

TcpProxy::TcpProxy(uint16_t target)
    : target_(target), listener_(tcp_socket()), wake_(eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      ::listen(listener_, 64) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { loop(); });
}

TcpProxy::~TcpProxy() {
  stopping_ = true;
  eventfd_write(wake_, 1);
  thread_.join();
  for (Pair& pair : pairs_) close(pair);
  ::close(listener_);
  ::close(wake_);
}

void TcpProxy::cut_next(Cut cut, bool stay_away) {
  const std::lock_guard lock(mutex_);
  asked_for_.push_back(std::move(cut));
  stay_away_ = stay_away;
}

void TcpProxy::let_in() {
  const std::lock_guard lock(mutex_);
  away_ = false;
}

void TcpProxy::loop() {
  while (!stopping_) {
    std::vector<pollfd> waiting{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      const auto events = [](const Way& reads, const Way& writes) {
        return static_cast<short>((reads.waiting.empty() ? POLLIN : 0) |
                                  (writes.waiting.empty() ? 0 : POLLOUT));
      };
      waiting.push_back({pair.up.from, events(pair.up, pair.down), 0});
      waiting.push_back({pair.up.to, events(pair.down, pair.up), 0});
    }
    ::poll(waiting.data(), waiting.size(), -1);
    for (size_t i = 0; i < pairs_.size(); ++i)
      serve(pairs_[i], waiting[2 + 2 * i].revents, waiting[3 + 2 * i].revents);
    std::erase_if(pairs_, [](const Pair& pair) { return pair.gone; });
    if ((waiting[1].revents & POLLIN) != 0) accept_one();
  }
}

void TcpProxy::accept_one() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  const int server = tcp_socket();
  const sockaddr_in address = loopback(target_);
  bool away = false;
  {
    const std::lock_guard lock(mutex_);
    away = away_;
  }
  Pair pair;
  pair.up = {client, server, {}};
  pair.down = {server, client, {}};
  if (away || ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return close(pair);
  }
  const int on = 1;
  ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  pairs_.push_back(std::move(pair));
}

void TcpProxy::serve(Pair& pair, short client, short server) {
  move(pair, pair.up, client, server);
  if (!pair.gone) move(pair, pair.down, server, client);
  const std::lock_guard lock(mutex_);
  if (away_ && !pair.gone) close(pair);
}

void TcpProxy::move(Pair& pair, Way& way, short readable, short writable) {
  if (way.waiting.empty() && (readable & (POLLIN | POLLHUP | POLLERR)) != 0) {
    char buffer[65536];
    const ssize_t n = ::recv(way.from, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n <= 0) return close(pair);
    way.waiting.assign(buffer, static_cast<size_t>(n));
    if (is_cut(pair, &way == &pair.up, way.waiting)) return close(pair);
    writable |= POLLOUT;
  }
  if (way.waiting.empty() || (writable & (POLLOUT | POLLHUP | POLLERR)) == 0) return;
  const ssize_t n =
      ::send(way.to, way.waiting.data(), way.waiting.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n > 0)
    way.waiting.erase(0, static_cast<size_t>(n));
  else if (errno != EAGAIN)
    close(pair);
}

// Looks at what came in one piece: requests and replies of a few bytes do.
bool TcpProxy::is_cut(Pair& pair, bool up, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  if (asked_for_.empty()) return false;
  const Cut& cut = asked_for_.front();
  if (up) pair.asked = pair.asked || bytes.find(cut.request) != bytes.npos;
  const bool now = cut.reply.empty() ? up && bytes.find(cut.request) != bytes.npos
                                     : !up && pair.asked && bytes.find(cut.reply) != bytes.npos;
  if (!now) return false;
  asked_for_.erase(asked_for_.begin());
  away_ = stay_away_;
  ++cuts_;
  return true;
}

void TcpProxy::close(Pair& pair) {
  ::close(pair.up.from);
  ::close(pair.up.to);
  pair.gone = true;
}

}  // namespace gantry::tests
