// Watches: the file descriptors on a loop that are not its connections', for runtime::Loop::watch.
// Loop thread only.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/http/desk.hpp"

namespace gantry::http {

class Watches {
 public:
  explicit Watches(int epoll_fd) : epoll_fd_(epoll_fd) {}
  Watches(const Watches&) = delete;
  Watches& operator=(const Watches&) = delete;

  // As runtime::Loop says.
  void watch(int fd, uint32_t events, std::function<void(uint32_t events)> ready);
  void unwatch(int fd);

  // The events that epoll reported have all been served: what was unwatched meanwhile may go.
  void reap() { gone_.clear(); }

 private:
  class Watch final : public Source {
   public:
    explicit Watch(std::function<void(uint32_t)> ready) : ready_(std::move(ready)) {}
    void ready(uint32_t events) override;
    void stop() { stopped_ = true; }

   private:
    std::function<void(uint32_t)> ready_;
    bool stopped_ = false;  // epoll's report may have it still
  };

  int epoll_fd_;
  std::unordered_map<int, std::unique_ptr<Watch>> watched_;
  std::vector<std::unique_ptr<Watch>> gone_;
};

}  // namespace gantry::http
