// ThreadTag: what kind of thread this is, so that the host can check at run time that a function is
// called where its contract says ([setup], [io], [worker], [bus] in the comments of gantry/abi).
#pragma once
#include <cstdint>
#include <string_view>

namespace gantry::runtime {

enum class ThreadKind : uint8_t { kOther, kSetup, kIo, kWorker, kBus };

std::string_view name_of(ThreadKind kind);  // "other" "setup" "io" "worker" "bus"

// Tag of the calling thread; kOther unless a ThreadTag is in scope.
ThreadKind thread_kind();

// Tags the calling thread while in scope; the innermost one counts.
class ThreadTag {
 public:
  explicit ThreadTag(ThreadKind kind);
  ~ThreadTag();
  ThreadTag(const ThreadTag&) = delete;
  ThreadTag& operator=(const ThreadTag&) = delete;

 private:
  ThreadKind outer_;
};

}  // namespace gantry::runtime
