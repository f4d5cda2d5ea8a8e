#include "core/http/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

#include "gantry/error.hpp"

namespace gantry::http {

Mailbox::Mailbox() : wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_fd_ < 0) throw Error(Code::kExhausted, "no file descriptor for a loop's mailbox");
}

Mailbox::~Mailbox() { ::close(wake_fd_); }

void Mailbox::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    has_mail_.store(true, std::memory_order_seq_cst);
  }
  // Pairs with may_sleep(): either it sees the mail, or we see it asleep.
  if (asleep_.exchange(false, std::memory_order_seq_cst)) {
    const uint64_t one = 1;
    // Cannot fail: the counter would have to reach 2^64 - 1 first.
    [[maybe_unused]] const ssize_t written = ::write(wake_fd_, &one, sizeof one);
  }
}

bool Mailbox::may_sleep() {
  asleep_.store(true, std::memory_order_seq_cst);
  if (!has_mail_.load(std::memory_order_seq_cst)) return true;
  woke();
  return false;
}

void Mailbox::run() {
  if (!has_mail_.load(std::memory_order_acquire)) return;
  {
    const std::lock_guard lock(mutex_);
    running_.swap(tasks_);
    has_mail_.store(false, std::memory_order_seq_cst);
  }
  for (auto& task : running_) {
    // Destroyed here, not after the last one has run: it may own what the next one waits for.
    const auto once = std::move(task);
    once();
  }
  running_.clear();
}

}  // namespace gantry::http
