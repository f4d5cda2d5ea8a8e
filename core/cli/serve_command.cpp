// gantry serve: configuration → host → wait for a signal → graceful stop.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>
#include <thread>

#include "core/cli/cli.hpp"
#include "core/cli/report.hpp"
#include "core/cli/sabotage.hpp"
#include "core/cli/signals.hpp"
#include "core/host/host.hpp"
#include "gantry/error.hpp"

namespace gantry::cli {
namespace {
constexpr int kSecondSignal = 130;
}  // namespace

int serve(const ConfigArguments& arguments) {
  take_signals();  // before the first thread: all of them inherit it
  ::umask(kOnlyOurUser);

  if (const std::string fault = take_sabotage(); !fault.empty()) {
    std::cerr << "gantry: " << fault << '\n';
    return kWrongInput;
  }
  const auto configuration = host::read_configuration(sources_of(arguments));
  print_findings(configuration.findings);
  if (!configuration.findings.ok()) return kWrongInput;
  try {
    host::Host server(configuration, {arguments.data_dir});
    const host::StartFaults why_not = server.start();
    std::cerr << config::to_text(why_not.faults);
    if (!why_not.faults.empty()) return why_not.failed ? kFailed : kWrongInput;
    wait_for_end([&] { server.reload_asked(); });
    std::thread([] {  // whoever asks twice does not want to wait
      wait_for_end([] {});
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
