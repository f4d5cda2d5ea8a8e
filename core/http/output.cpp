#include "core/http/output.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

namespace gantry::http {
namespace {

constexpr size_t kKeptBytesMax = 4096;

// Bytes taken, 0 when the socket is full, -1 when it is broken.
ssize_t send_two(int fd, std::string_view first, std::string_view second) {
  for (;;) {
    ssize_t taken;
    if (second.empty()) {
      taken = ::send(fd, first.data(), first.size(), MSG_NOSIGNAL);
    } else {
      iovec parts[2] = {{const_cast<char*>(first.data()), first.size()},
                        {const_cast<char*>(second.data()), second.size()}};
      msghdr message{};
      message.msg_iov = parts;
      message.msg_iovlen = 2;
      taken = ::sendmsg(fd, &message, MSG_NOSIGNAL);
    }
    if (taken >= 0) return taken;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    if (errno != EINTR) return -1;
  }
}

}  // namespace

Output::Result Output::send(int fd, std::string_view head, std::string_view body) {
  if (waiting() != 0) {  // an interim answer that did not get through yet
    pending_.append(head);
    rest_ = body;
    return flush(fd);
  }
  const ssize_t taken = send_two(fd, head, body);
  if (taken < 0) return Result::kBroken;
  const auto bytes = static_cast<size_t>(taken);
  sent_ += bytes;
  if (bytes == head.size() + body.size()) return Result::kDone;
  pending_.assign(head.substr(std::min(bytes, head.size())));
  at_ = 0;
  rest_ = body.substr(bytes > head.size() ? bytes - head.size() : 0);
  return Result::kBlocked;
}

Output::Result Output::flush(int fd) {
  while (waiting() != 0) {
    const std::string_view first = std::string_view(pending_).substr(at_);
    const ssize_t taken = first.empty() ? send_two(fd, rest_, {}) : send_two(fd, first, rest_);
    if (taken < 0) return Result::kBroken;
    if (taken == 0) return Result::kBlocked;
    advance(static_cast<size_t>(taken));
  }
  return Result::kDone;
}

void Output::advance(size_t bytes) {
  sent_ += bytes;
  const size_t of_pending = std::min(bytes, pending_.size() - at_);
  at_ += of_pending;
  rest_.remove_prefix(bytes - of_pending);
  if (at_ == pending_.size()) {
    pending_.clear();
    at_ = 0;
  } else if (at_ > pending_.size() / 2) {
    pending_.erase(0, at_);
    at_ = 0;
  }
}

void Output::clear() {
  pending_.clear();
  if (pending_.capacity() > kKeptBytesMax) pending_.shrink_to_fit();
  at_ = 0;
  rest_ = {};
}

}  // namespace gantry::http
