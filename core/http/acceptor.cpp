#include "core/http/acceptor.hpp"

#include <Poco/Net/StreamSocketImpl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace gantry::http {
namespace {

constexpr int kBurst = 64;  // accepted before connections get their turn
constexpr int64_t kPauseNs = 50'000'000;

}  // namespace

Acceptor::Acceptor(const Poco::Net::ServerSocket& socket, int epoll_fd, Desk& desk, Taken taken)
    : socket_(socket), epoll_fd_(epoll_fd), desk_(desk), taken_(std::move(taken)) {
  epoll_event event{EPOLLIN, {.ptr = static_cast<Source*>(this)}};
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, socket_.impl()->sockfd(), &event);
}

Acceptor::~Acceptor() { desk_.wheel.disarm(*this); }

void Acceptor::ready(uint32_t) {
  for (int i = 0; i < kBurst && take_one(); ++i) {
  }
}

void Acceptor::take_waiting() {
  while (take_one()) {
  }
}

bool Acceptor::take_one() {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  // Not Poco's acceptConnection: it throws when nobody waits.
  const int fd = ::accept4(socket_.impl()->sockfd(), reinterpret_cast<sockaddr*>(&address), &length,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      pause();
      return false;
    }
    return errno != EBADF && errno != EINVAL && errno != ENOTSOCK;  // this client's trouble
  }
  Edge& edge = desk_.edge;
  Peer peer = peer_of(address);
  if (edge.connections.fetch_add(1) >= desk_.limits.connections_max) {
    desk_.counters.count(Reason::kLimit);
  } else if (!edge.addresses.enter(peer.key, desk_.limits.connections_per_address_max)) {
    desk_.counters.count(Reason::kIpLimit);
  } else {
    desk_.counters.accepted.add();
    taken_(Poco::Net::StreamSocket(new Poco::Net::StreamSocketImpl(fd)), std::move(peer));
    return true;
  }
  edge.left();
  ::close(fd);
  return true;
}

// Out of file descriptors: whoever knocks waits in the kernel's queue for a moment, and the loop
// does not spin on a socket that stays readable.
void Acceptor::pause() {
  desk_.counters.accept_pauses.add();
  epoll_event event{0, {.ptr = static_cast<Source*>(this)}};
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_MOD, socket_.impl()->sockfd(), &event);
  desk_.wheel.arm(*this, desk_.now_ns + kPauseNs);
}

void Acceptor::expired() {
  epoll_event event{EPOLLIN, {.ptr = static_cast<Source*>(this)}};
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_MOD, socket_.impl()->sockfd(), &event);
}

}  // namespace gantry::http
