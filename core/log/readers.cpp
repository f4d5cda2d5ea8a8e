#include "core/log/readers.hpp"

#include "gantry/text.hpp"

namespace gantry::log {

std::unique_ptr<Reader> Readers::take() {
  {
    std::unique_lock lock(mutex_);
    const bool free = freed_.wait_for(lock, wait_max_,
                                      [this] { return closed_ || !idle_.empty() || open_ < max_; });
    if (closed_) throw Error(Code::kUnavailable, "the log is stopped");
    if (!free) {
      throw Error(Code::kUnavailable, join("all ", max_, " readers of the log were busy for ",
                                           wait_max_.count(), " ms"));
    }
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
    ++open_;
  }
  try {
    return engine_.open_reader();
  } catch (...) {
    const std::lock_guard lock(mutex_);
    --open_;
    freed_.notify_one();
    throw;
  }
}

void Readers::give_back(std::unique_ptr<Reader> reader) {
  std::unique_ptr<Reader> broken;  // closed after the lock
  const std::lock_guard lock(mutex_);
  if (closed_ || !reader->sound()) {
    --open_;
    broken = std::move(reader);
    // Its idle neighbours were cut off by the same restart.
    if (!closed_) {
      open_ -= static_cast<uint32_t>(idle_.size());
      idle_.clear();
    }
  } else {
    idle_.push_back(std::move(reader));
  }
  freed_.notify_one();
}

void Readers::close() {
  std::vector<std::unique_ptr<Reader>> idle;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  idle.swap(idle_);
  freed_.notify_all();
}

}  // namespace gantry::log
