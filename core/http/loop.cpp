#include "core/http/loop.hpp"

#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>

#include "core/runtime/loop.hpp"
#include "core/runtime/thread_tag.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::http {
namespace {

constexpr size_t kEventsMax = 256;

int new_epoll() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw Error(Code::kExhausted, "no file descriptor for an event loop");
  return fd;
}

}  // namespace

EventLoop::EventLoop(unsigned index, Edge& edge, const Limits& limits)
    : index_(index), epoll_fd_(new_epoll()), desk_(edge, *this, limits), watches_(epoll_fd_) {
  epoll_event event{EPOLLIN | EPOLLET, {.ptr = nullptr}};
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, mailbox_.wake_fd(), &event);
}

EventLoop::~EventLoop() {
  stop();
  acceptors_.clear();
  ::close(epoll_fd_);
}

void EventLoop::listen(const Poco::Net::ServerSocket& socket) {
  acceptors_.push_back(std::make_unique<Acceptor>(
      socket, epoll_fd_, desk_,
      [this](const Poco::Net::StreamSocket& taken, Peer peer) { adopt(taken, std::move(peer)); }));
}

void EventLoop::start() {
  thread_ = std::thread([this] { run(); });
  ::pthread_setname_np(thread_.native_handle(), join("http-", index_).c_str());
}

void EventLoop::stop() {
  if (!thread_.joinable()) return;
  post([this] { stopping_ = true; });
  thread_.join();
}

void EventLoop::adopt(const Poco::Net::StreamSocket& socket, Peer peer) {
  auto connection = std::make_unique<Connection>(socket, std::move(peer), desk_);
  connection->index = connections_.size();
  // Edge-triggered, both directions: said once, true for the connection's life.
  epoll_event event{EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                    {.ptr = static_cast<Source*>(connection.get())}};
  if (::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, connection->fd(), &event) != 0) return;  // closes it
  connections_.push_back(std::move(connection));
}

void EventLoop::run() {
  const runtime::ThreadTag tag(runtime::ThreadKind::kIo);
  const runtime::LoopScope scope(*this);
  std::array<epoll_event, kEventsMax> events;
  while (!stopping_) {
    const int count = ::epoll_wait(epoll_fd_, events.data(), kEventsMax, wait_ms());
    mailbox_.woke();
    desk_.now_ns = desk_.edge.clock.monotonic_ns();
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      if (event.data.ptr != nullptr) static_cast<Source*>(event.data.ptr)->ready(event.events);
    }
    mailbox_.run();
    desk_.wheel.advance(desk_.now_ns);
    run_scheduled();
    reap();
    watches_.reap();
  }
  stop_accepting();
  cut();
  desk_.scheduled.clear();
  desk_.closed.clear();
  connections_.clear();
  delayed_.clear();
}

int EventLoop::wait_ms() {
  if (!desk_.scheduled.empty() || !mailbox_.may_sleep()) return 0;
  return desk_.wheel.wait_ms(desk_.now_ns);
}

// What is scheduled meanwhile waits for the next round, after a look at the sockets.
void EventLoop::run_scheduled() {
  resuming_.swap(desk_.scheduled);
  for (Connection* connection : resuming_) connection->resume();
  resuming_.clear();
}

// A closed connection that is still scheduled is destroyed a round later.
void EventLoop::reap() {
  size_t kept = 0;
  for (Connection* closed : desk_.closed) {
    if (closed->scheduled()) {
      desk_.closed[kept++] = closed;
      continue;
    }
    const size_t index = closed->index;
    if (index + 1 != connections_.size()) {
      std::swap(connections_[index], connections_.back());
      connections_[index]->index = index;
    }
    connections_.pop_back();
  }
  desk_.closed.resize(kept);
}

uint64_t EventLoop::after(uint32_t delay_ms, std::function<void()> task) {
  const uint64_t id = ++last_timer_;
  auto delayed = std::make_unique<Delayed>(*this, id, std::move(task));
  desk_.wheel.arm(*delayed, desk_.now_ns + int64_t{delay_ms} * 1'000'000);
  delayed_.emplace(id, std::move(delayed));
  return id;
}

void EventLoop::Delayed::expired() {
  const auto task = std::move(task_);
  loop_.delayed_.erase(id_);  // and with it this
  task();
}

void EventLoop::stop_accepting() {
  for (const auto& acceptor : acceptors_) acceptor->take_waiting();
  acceptors_.clear();
}

void EventLoop::drain() {
  // By number: a connection may be closed while we look, but none is destroyed before reap().
  for (size_t i = 0; i < connections_.size(); ++i) connections_[i]->drain();
}

void EventLoop::cut() {
  for (size_t i = 0; i < connections_.size(); ++i) connections_[i]->cut();
}

}  // namespace gantry::http
