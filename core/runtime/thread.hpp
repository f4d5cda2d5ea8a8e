// Thread: a std::thread with a name that `ps -T` shows, a tag and a stack of a chosen size.
#pragma once
#include <pthread.h>

#include <cstddef>
#include <functional>
#include <string>

#include "core/runtime/thread_tag.hpp"

namespace gantry::runtime {

struct ThreadOptions {
  std::string name;  // cut to 15 bytes, the kernel's bound
  ThreadKind kind = ThreadKind::kOther;
  size_t stack_bytes = 1 << 20;  // address space; pages are taken as they are touched
};

class Thread {
 public:
  Thread() = default;
  // Starts at once.  throws Exhausted  the system has no more threads
  Thread(const ThreadOptions& options, std::function<void()> body);
  ~Thread();  // join()
  Thread(Thread&& other) noexcept;
  Thread& operator=(Thread&& other) noexcept;

  bool joinable() const { return running_; }
  void join();  // no effect when not running

 private:
  pthread_t handle_{};
  bool running_ = false;
};

}  // namespace gantry::runtime
