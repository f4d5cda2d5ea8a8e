#include "core/cli/signals.hpp"

#include <pthread.h>
#include <signal.h>

namespace gantry::cli {
namespace {

// Handled by sigwait, so they are blocked in every thread.
sigset_t awaited() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, number);
  return set;
}

}  // namespace

void take_signals() {
  const sigset_t set = awaited();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // Without a handler each of these would end the process. SIGXFSZ: the write fails with EFBIG.
  for (const int number : {SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXFSZ, SIGIO})
    ::signal(number, SIG_IGN);
}

void wait_for_end(const std::function<void()>& on_hangup) {
  const sigset_t set = awaited();
  for (;;) {
    int number = 0;
    if (sigwait(&set, &number) != 0) continue;
    if (number != SIGHUP) return;
    on_hangup();
  }
}

}  // namespace gantry::cli
