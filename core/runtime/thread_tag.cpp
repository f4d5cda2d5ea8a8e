#include "core/runtime/thread_tag.hpp"

#include <utility>

namespace gantry::runtime {
namespace {
thread_local ThreadKind current = ThreadKind::kOther;
}

std::string_view name_of(ThreadKind kind) {
  switch (kind) {
    case ThreadKind::kOther:
      return "other";
    case ThreadKind::kSetup:
      return "setup";
    case ThreadKind::kIo:
      return "io";
    case ThreadKind::kWorker:
      return "worker";
    case ThreadKind::kBus:
      return "bus";
  }
  return "unknown";
}

ThreadKind thread_kind() { return current; }

ThreadTag::ThreadTag(ThreadKind kind) : outer_(std::exchange(current, kind)) {}
ThreadTag::~ThreadTag() { current = outer_; }

}  // namespace gantry::runtime
