// sql::WayBack: how a worker's result comes to a loop, for as long as there is somebody there to
// take it.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "core/runtime/loop.hpp"

namespace gantry::sql {

// Owners: the one who waits on the loop, and each worker under way.
class WayBack {
 public:
  explicit WayBack(runtime::Loop& loop) : loop_(&loop) {}

  // Runs `task` on the loop unless close() comes first; then it is destroyed, here or there. [any]
  static void post(const std::shared_ptr<WayBack>& way, std::function<void()> task) {
    const std::lock_guard lock(way->mutex_);  // so that the loop does not end meanwhile
    if (way->loop_ == nullptr) return;
    way->loop_->post([way, once = std::move(task)] {
      if (way->is_open_) once();
    });
  }

  // Nobody waits any more, and the loop may end. [the loop's thread]
  void close() {
    is_open_ = false;
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
  }

 private:
  std::mutex mutex_;
  runtime::Loop* loop_;  // guarded by mutex_
  bool is_open_ = true;  // loop thread only
};

}  // namespace gantry::sql
