// gantry log copy: moves the event log to another database while no server runs on either.
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include "core/cli/cli.hpp"
#include "core/host/log_tools.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::cli {
namespace {

// "123456" → "123,456"
std::string grouped(int64_t number) {
  const std::string digits = to_text(number);
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

// A line that is written over on a terminal; elsewhere a line for every tenth.
class ProgressLine {
 public:
  void operator()(const log::CopyProgress& now) {
    if (now.other_rows > 0) return other_rows(now.other_rows);
    const auto time = std::chrono::steady_clock::now();
    if (!began_) {
      began_ = time;
      found_ = now.copied;
    }
    const int percent = now.total == 0 ? 100 : static_cast<int>(now.copied * 100 / now.total);
    const bool ends = now.copied == now.total;
    if (terminal_ ? time - shown_ < std::chrono::milliseconds(100) && !ends
                  : percent / 10 == tenth_)
      return;
    shown_ = time;
    tenth_ = percent / 10;
    const double seconds = std::chrono::duration<double>(time - *began_).count();
    const auto rate = seconds > 0.05
                          ? static_cast<int64_t>(static_cast<double>(now.copied - found_) / seconds)
                          : 0;
    if (terminal_) {
      std::cerr << "\r[";
      for (int i = 4; i <= 100; i += 4) std::cerr << (i <= percent ? '#' : '.');
      std::cerr << "] ";
    }
    std::cerr << grouped(now.copied) << " of " << grouped(now.total) << " events (" << percent
              << " %), " << grouped(rate) << " events/s" << (terminal_ ? "   " : "\n")
              << std::flush;
    under_way_ = terminal_;
  }

  // What follows begins a line of its own.
  void end() {
    if (std::exchange(under_way_, false)) std::cerr << '\n';
  }

 private:
  void other_rows(uint64_t rows) {
    const auto time = std::chrono::steady_clock::now();
    if (!terminal_ || time - shown_ < std::chrono::milliseconds(100)) return;
    if (!std::exchange(others_, true)) end();
    shown_ = time;
    under_way_ = true;
    std::cerr << "\rand " << grouped(static_cast<int64_t>(rows)) << " other rows" << std::flush;
  }

  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  std::optional<std::chrono::steady_clock::time_point> began_;
  std::chrono::steady_clock::time_point shown_;
  int64_t found_ = 0;
  int tenth_ = -1;
  bool under_way_ = false;  // the line on the terminal
  bool others_ = false;
};

}  // namespace

int copy_log(const CopyArguments& arguments) {
  ::umask(kOnlyOurUser);
  ProgressLine line;
  try {
    const auto copied = host::copy_log(
        {arguments.from, arguments.to, arguments.data_dir, arguments.insecure_transport},
        [&](const log::CopyProgress& now) { line(now); });
    line.end();
    std::cout << "copied: " << grouped(copied.events) << " events";
    if (copied.found > 0) std::cout << " (" << grouped(copied.found) << " were there already)";
    std::cout
        << " and " << grouped(static_cast<int64_t>(copied.other_rows))
        << " other rows (timers, answers, snapshots, event types, checkpoints of processes). "
           "Positions are the same: read models and checkpoints stay valid.\nNow verify the new "
           "log, set storage.events to its URL and start the server.\n";
    return kDone;
  } catch (const Error& error) {
    line.end();
    std::cerr << "gantry: " << error.detail() << '\n';
    return error.code() == Code::kInvalid ? kWrongInput : kFailed;
  }
}

}  // namespace gantry::cli
