#include "core/runtime/thread.hpp"

#include <cstring>
#include <memory>
#include <utility>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::runtime {
namespace {

struct Start {
  std::string name;
  ThreadKind kind;
  std::function<void()> body;
};

void* run(void* argument) {
  const std::unique_ptr<Start> start(static_cast<Start*>(argument));
  pthread_setname_np(pthread_self(), start->name.c_str());
  const ThreadTag tag(start->kind);
  start->body();
  return nullptr;
}

}  // namespace

Thread::Thread(const ThreadOptions& options, std::function<void()> body) {
  auto start =
      std::make_unique<Start>(Start{options.name.substr(0, 15), options.kind, std::move(body)});
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, options.stack_bytes);
  const int failed = pthread_create(&handle_, &attributes, run, start.get());
  pthread_attr_destroy(&attributes);
  if (failed != 0) {
    throw Error(Code::kExhausted,
                gantry::join("thread ", options.name, " was not started: ", std::strerror(failed)));
  }
  [[maybe_unused]] Start* const handed_over = start.release();  // run() frees it
  running_ = true;
}

Thread::~Thread() { join(); }

Thread::Thread(Thread&& other) noexcept
    : handle_(other.handle_), running_(std::exchange(other.running_, false)) {}

Thread& Thread::operator=(Thread&& other) noexcept {
  join();
  handle_ = other.handle_;
  running_ = std::exchange(other.running_, false);
  return *this;
}

void Thread::join() {
  if (std::exchange(running_, false)) pthread_join(handle_, nullptr);
}

}  // namespace gantry::runtime
