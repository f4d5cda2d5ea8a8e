// gantry-verify: reads the raw tables of an event log and its read models and says whether what
// must always be true of them is true. Shares no code with the server. docs/reference/verify.md
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "core/verify/database.hpp"
#include "core/verify/run.hpp"

namespace {

constexpr int kClean = 0, kBroken = 1, kCannot = 2;

// On a terminal only; its line is wiped before the report.
void show_progress(int64_t done, int64_t all) {
  static const bool terminal = ::isatty(STDERR_FILENO) == 1;
  if (terminal) std::cerr << "\r\033[K" << done << " of " << all << " events" << std::flush;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Checks an event log and its read models by their raw tables.\n"
      "Exit code: 0 all holds, 1 an invariant is broken, 2 it cannot be read."};
  gantry::verify::Sources sources;
  bool json = false;
  app.add_option("--events", sources.events, "The log: sqlite:<file> or postgresql://…")
      ->envname("GANTRY_VERIFY_EVENTS")
      ->required();
  app.add_option("--projections", sources.projections, "The read models, likewise")
      ->envname("GANTRY_VERIFY_PROJECTIONS");
  app.add_option("--history", sources.history, "What clients were answered, one JSON object a line")
      ->type_name("FILE");
  app.add_option("--subscriber", sources.subscribers,
                 "The positions that a subscriber was given, one a line; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--timer-grace", sources.timer_grace_s,
                 "Seconds after which a pending timer is overdue")
      ->check(CLI::Range(int64_t{0}, int64_t{31'536'000}))
      ->capture_default_str();
  app.add_flag("--json", json, "The report as one JSON object");
  try {
    app.parse(argc, argv);
    const auto report = gantry::verify::run(sources, show_progress);
    if (::isatty(STDERR_FILENO) == 1) std::cerr << "\r\033[K";
    if (json)
      std::cout << report.json() << '\n';
    else
      report.print(std::cout);
    return report.ok() ? kClean : kBroken;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kClean : kCannot;
  } catch (const gantry::verify::CannotRead& error) {
    std::cerr << "gantry-verify: " << error.what() << '\n';
    return kCannot;
  }
}
