// gantry serve: configuration → host → wait for a signal → graceful stop.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <iostream>
#include <thread>

#include "core/cli/cli.hpp"
#include "core/cli/report.hpp"
#include "core/cli/sabotage.hpp"
#include "core/host/host.hpp"
#include "gantry/error.hpp"

namespace gantry::cli {
namespace {

constexpr int kSecondSignal = 130;

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// Blocks until SIGINT or SIGTERM; both must be blocked in every thread.
int wait_for_signal() {
  const sigset_t set = ending_signals();
  int number = 0;
  while (sigwait(&set, &number) != 0) {
  }
  return number;
}

}  // namespace

int serve(const ConfigArguments& arguments) {
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);  // before the first thread: all of them inherit it
  ::signal(SIGPIPE, SIG_IGN);

  if (const std::string fault = take_sabotage(); !fault.empty()) {
    std::cerr << "gantry: " << fault << '\n';
    return kWrongInput;
  }
  const auto configuration = host::read_configuration(sources_of(arguments));
  print_findings(configuration.findings);
  if (!configuration.findings.ok()) return kWrongInput;
  try {
    host::Host server(configuration, {arguments.data_dir});
    const auto faults = server.start();
    for (const std::string& fault : faults) std::cerr << "gantry: " << fault << '\n';
    if (!faults.empty()) return kWrongInput;
    wait_for_signal();
    std::thread([] {  // whoever asks twice does not want to wait
      wait_for_signal();
      ::_exit(kSecondSignal);
    })
        .detach();
    server.shut_down();
  } catch (const Error& error) {
    std::cerr << "gantry: " << error.detail() << '\n';
    return kFailed;
  }
  return kDone;
}

}  // namespace gantry::cli
