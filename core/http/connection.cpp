#include "core/http/connection.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <utility>

namespace gantry::http {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr int64_t kLingerMs = 2000;
constexpr uint32_t kLingerBytesMax = 256 * 1024;
constexpr int kBurst = 32;  // requests answered before other connections get their turn

constexpr Refusal kSlowHeader = {408, "REQUEST_TIMEOUT", "the header fields did not arrive in time",
                                 Reason::kSlowHeader};
constexpr Refusal kSlowBody = {408, "REQUEST_TIMEOUT", "the request body did not arrive in time",
                               Reason::kSlowBody};
constexpr Refusal kHandlerLate = {504, "TIMEOUT", "the request took longer than allowed",
                                  Reason::kHandlerTimeout};
constexpr Refusal kStopping = {503, "UNAVAILABLE", "the server is shutting down",
                               Reason::kDraining};
constexpr std::string_view kAllow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

}  // namespace

Connection::Connection(const Poco::Net::StreamSocket& socket, Peer peer, Desk& desk)
    : socket_(socket), peer_(std::move(peer)), desk_(desk), since_ns_(desk.now_ns) {
  arm();
}

Connection::~Connection() {
  desk_.wheel.disarm(*this);
  desk_.edge.addresses.leave(peer_.key);
  desk_.edge.left();
}

void Connection::ready(uint32_t events) {
  // Both directions are gone: a reset, or the peer's FIN after our own.
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    broken();
    return;
  }
  if ((events & EPOLLRDHUP) != 0) peer_finished_ = true;
  if ((events & (EPOLLIN | EPOLLRDHUP)) != 0) readable_ = true;
  drive();
}

void Connection::resume() {
  scheduled_ = false;
  drive();
}

void Connection::schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  desk_.scheduled.push_back(this);
}

void Connection::drive() {
  if (phase_ == Phase::kClosed) return;
  driving_ = true;
  const uint32_t first = requests_;
  while (step()) {
    if (requests_ - first >= kBurst && phase_ == Phase::kIdle) {
      schedule();
      break;
    }
  }
  driving_ = false;
  if (phase_ == Phase::kIdle && input_.empty()) input_.release(desk_.buffers);
  arm();
}

bool Connection::step() {
  switch (phase_) {
    case Phase::kIdle:
      if (input_.empty() && !receive()) {
        if (end_of_input_) close();
        return false;
      }
      begin();
      return true;
    case Phase::kHead:
      return read_head();
    case Phase::kBody:
      return read_body();
    case Phase::kHandling:
      return false;
    case Phase::kAnswering:
      return answer();
    case Phase::kStreaming:
      return pump();
    case Phase::kLingering:
      return discard();
    case Phase::kClosed:
      return false;
  }
  return false;
}

void Connection::enter(Phase phase) {
  phase_ = phase;
  since_ns_ = desk_.now_ns;
}

void Connection::begin() {
  exchange_ = &desk_.exchanges.take();
  exchange_->transport = this;
  exchange_->started_ns = desk_.now_ns;
  exchange_->request.peer = peer_.text;
  parser_.reset();
  consumed_ = 0;
  body_received_ = 0;
  handler_knows_ = written_ = close_ = refused_ = unread_ = stream_ended_ = false;
  enter(Phase::kHead);
}

void Connection::refuse(const Refusal& refusal) {
  desk_.counters.count(refusal.reason);
  // After a complete request only pipelined bytes may be left, and leave() sees those.
  unread_ = phase_ != Phase::kHandling;
  refused_ = true;
  handler_knows_ = true;
  pipeline::Response& response = exchange_->response;
  response.status = 0;
  response.headers.clear();
  response.body.clear();
  enter(Phase::kAnswering);
  desk_.edge.handler.refuse(*exchange_, refusal.status, refusal.code, refusal.detail);
  if (response.status == 0) response.status = refusal.status;
  if (response.status == 405 && !response.has_header("allow")) response.header("Allow", kAllow);
}

void Connection::release_exchange(bool sent) {
  if (exchange_ == nullptr) return;
  pipeline::Exchange& exchange = *std::exchange(exchange_, nullptr);
  if (handler_knows_) desk_.edge.handler.ended(exchange, sent);
  desk_.exchanges.give(exchange);
  if (body_.capacity() > std::string().capacity()) {
    desk_.buffers.give_body(std::exchange(body_, {}));
  }
  body_.clear();
}

// The answer has left.
void Connection::finish() {
  release_exchange(true);
  output_.clear();
  input_.dropped(consumed_);
  ++requests_;
  if (close_) {
    leave();
  } else {
    enter(Phase::kIdle);
  }
}

// Closing a socket with unread input makes the kernel send a reset, which can overtake the answer:
// so first only our direction is closed, and the input is thrown away for a while
// (RFC 9112 section 9.6).
void Connection::leave() {
  const bool more_input = unread_ || !input_.empty() || readable_;
  if (end_of_input_ || !more_input) {
    close();
    return;
  }
  input_.release(desk_.buffers);
  ::shutdown(fd(), SHUT_WR);
  enter(Phase::kLingering);
}

bool Connection::discard() {
  std::array<char, 16 * 1024> nowhere;
  size_t received = 0;
  while (receive(nowhere.data(), nowhere.size(), received)) {
    lingered_bytes_ += static_cast<uint32_t>(received);
    if (lingered_bytes_ > kLingerBytesMax) break;
  }
  if (phase_ != Phase::kClosed && (end_of_input_ || lingered_bytes_ > kLingerBytesMax)) close();
  return false;
}

void Connection::broken() {
  release_exchange(false);
  close();
}

void Connection::close() {
  if (phase_ == Phase::kClosed) return;
  release_exchange(false);
  phase_ = Phase::kClosed;
  desk_.wheel.disarm(*this);
  input_.release(desk_.buffers);
  desk_.closed.push_back(this);
}

void Connection::drain() {
  if (phase_ != Phase::kIdle) return;
  readable_ = true;  // a request may have arrived that epoll has not told us of yet
  drive();
  if (phase_ == Phase::kIdle && !scheduled_) close();
}

void Connection::cut() {
  if (phase_ == Phase::kHandling) {
    refuse(kStopping);
    drive();
  }
  close();
}

void Connection::arm() {
  if (phase_ == Phase::kClosed) return;
  const int64_t due_ns = deadline_ns();
  if (due_ns == kNever) {
    Wheel::pause(*this);
  } else {
    desk_.wheel.arm(*this, due_ns);
  }
}

int64_t Connection::deadline_ns() const {
  const Limits& limits = desk_.limits;
  switch (phase_) {
    case Phase::kIdle:
      return since_ns_ + limits.keep_alive_timeout_ms * kMs;
    case Phase::kHead:
      return since_ns_ + limits.header_timeout_ms * kMs;
    case Phase::kBody:
      return body_deadline_ns();
    case Phase::kHandling:
      return since_ns_ + limits.handler_timeout_ms * kMs;
    case Phase::kAnswering:
      return since_ns_ + limits.write_stall_timeout_ms * kMs;
    case Phase::kStreaming:
      return output_.waiting() == 0 ? kNever : since_ns_ + limits.write_stall_timeout_ms * kMs;
    case Phase::kLingering:
      return since_ns_ + kLingerMs * kMs;
    case Phase::kClosed:
      return kNever;
  }
  return kNever;
}

// The end of the allowed time, or the moment at which what has arrived will be too little.
int64_t Connection::body_deadline_ns() const {
  const Limits& limits = desk_.limits;
  int64_t due_ms = limits.body_timeout_ms;
  if (limits.body_rate_min_bytes_per_s != 0) {
    const uint64_t paid_ms = body_received_ * 1000 / limits.body_rate_min_bytes_per_s;
    due_ms = std::min(due_ms, std::max(static_cast<int64_t>(limits.body_rate_grace_ms),
                                       static_cast<int64_t>(paid_ms)));
  }
  return since_ns_ + due_ms * kMs;
}

void Connection::expired() {
  switch (phase_) {
    case Phase::kHead:
      refuse(kSlowHeader);
      break;
    case Phase::kBody:
      refuse(kSlowBody);
      break;
    case Phase::kHandling:
      refuse(kHandlerLate);
      break;
    case Phase::kAnswering:
    case Phase::kStreaming:
      // The peer has stopped reading: a reset frees the kernel's copy as well.
      socket_.setLinger(true, 0);
      broken();
      return;
    case Phase::kIdle:
    case Phase::kLingering:
    case Phase::kClosed:
      close();
      return;
  }
  drive();
}

}  // namespace gantry::http
