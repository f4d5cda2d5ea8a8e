// log_worker: a process that does nothing but append, for tests that kill it or cut it off. It
// opens the log at a URL and hands it all its units at once, so that they meet in the writer's
// groups; then it writes one line for each answer, in the form of a client's history, and ends.
//
//   log_worker URL DATA_DIR FIRST COUNT
//
// What becomes of unit n depends on n only:
//   n % 8 = 0, 1, 4, 5   good: an event on a stream of its own and one on a stream of many
//   n % 8 = 2, 6         both of one eight want to begin the same stream: one gets it, one
//   conflicts n % 8 = 3, 7         conflicts: expects a version that the stream of many never has
// As the server, it obeys GANTRY_FAIL and GANTRY_MUTATE.
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "core/cli/sabotage.hpp"
#include "core/log/open_log.hpp"
#include "core/runtime/system_clock.hpp"
#include "gantry/json_writer.hpp"
#include "gantry/text.hpp"

namespace gantry::tests {
namespace {

log::Unit unit_of(int64_t n) {
  log::Unit unit;
  unit.command = uuid5(Uuid(), join("log_worker ", n));
  const auto to = [&](std::string stream, int64_t expected) {
    unit.appends.push_back(
        {std::move(stream), expected, {{"test.counted.v1", join(R"({"n":)", n, "}")}}});
  };
  const int64_t kind = n % 8;
  to(join("own-", n), log::kAbsent);
  if (kind == 2 || kind == 6)
    to(join("race-", n / 8), log::kAbsent);
  else
    to(join("many-", n % 5), kind == 3 || kind == 7 ? int64_t{1'000'000'000} : log::kAny);
  return unit;
}

int status_of(Code code) {
  switch (code) {
    case Code::kOk:
      return 200;
    case Code::kConflict:
      return 409;
    case Code::kDeadline:
      return 504;
    case Code::kUnavailable:
      return 503;
    default:
      return 500;
  }
}

// Answers that are still to come.
class Pending {
 public:
  explicit Pending(int64_t count) : left_(count) {}
  void answered(int64_t n, const Uuid& command, const log::Outcome& outcome) {
    JsonWriter line;
    line.object().field("n", n).field("command", command);
    line.field("status", int64_t{status_of(outcome.code)});
    if (outcome.code == Code::kOk)
      line.field("first", outcome.committed.first).field("position", outcome.committed.last);
    else if (outcome.code == Code::kConflict)
      line.field("first", int64_t{0});  // for good: nothing of it is there
    line.end();
    const std::lock_guard lock(mutex_);
    std::printf("%s\n", line.text().c_str());
    std::fflush(stdout);  // there even when this process is killed next
    if (--left_ == 0) all_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    all_.wait(lock, [this] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_;
  int64_t left_;
};

int work(const std::string& url, const std::string& data_dir, int64_t first, int64_t count) {
  const runtime::SystemClock clock;
  log::LogOptions options;
  options.database.name = "events";
  options.database.url = url;
  options.database.data_dir = data_dir;
  options.database.postgresql.insecure_transport = true;  // a test's own server, on this machine
  options.limits.append_queue_max = static_cast<uint32_t>(count) + 1;
  const auto log = log::open_log(options, clock);
  Pending pending(count);
  for (int64_t n = first; n < first + count; ++n) {
    log::Unit unit = unit_of(n);
    const Uuid command = unit.command;
    log->append(std::move(unit), [&pending, n, command](const log::Outcome& outcome) {
      pending.answered(n, command, outcome);
    });
  }
  pending.wait();
  log->stop();
  return 0;
}

}  // namespace
}  // namespace gantry::tests

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  if (const std::string fault = gantry::cli::take_sabotage(); !fault.empty()) {
    std::fprintf(stderr, "%s\n", fault.c_str());
    return 2;
  }
  try {
    return gantry::tests::work(argv[1], argv[2], std::atoll(argv[3]), std::atoll(argv[4]));
  } catch (const gantry::Error& error) {
    std::fprintf(stderr, "log_worker: %s\n", error.detail().c_str());
    return 1;
  }
}
