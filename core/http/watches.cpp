#include "core/http/watches.hpp"

#include <sys/epoll.h>

#include <utility>

#include "core/runtime/loop.hpp"
#include "gantry/error.hpp"

namespace gantry::http {

void Watches::watch(int fd, uint32_t events, std::function<void(uint32_t)> ready) {
  unwatch(fd);
  auto watch = std::make_unique<Watch>(std::move(ready));
  epoll_event event{(events & runtime::kReadable ? uint32_t{EPOLLIN} : 0) |
                        (events & runtime::kWritable ? uint32_t{EPOLLOUT} : 0),
                    {.ptr = static_cast<Source*>(watch.get())}};
  if (::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) != 0)
    throw Error(Code::kExhausted, "the event loop cannot watch another file descriptor");
  watched_.emplace(fd, std::move(watch));
}

void Watches::unwatch(int fd) {
  const auto found = watched_.find(fd);
  if (found == watched_.end()) return;
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr);
  found->second->stop();
  gone_.push_back(std::move(found->second));
  watched_.erase(found);
}

// Errors and the end of the stream are found out by reading and by writing.
void Watches::Watch::ready(uint32_t events) {
  if (stopped_) return;
  const bool ended = (events & (EPOLLERR | EPOLLHUP)) != 0;
  ready_((ended || (events & EPOLLIN) != 0 ? runtime::kReadable : 0) |
         (ended || (events & EPOLLOUT) != 0 ? runtime::kWritable : 0));
}

}  // namespace gantry::http
