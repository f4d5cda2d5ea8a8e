// Appends to a log as fast as it takes them and prints what that came to: "events/s p50_us p99_us".
//   log_append URL callers seconds [length]
// `callers` units are under way at any time, each of one event of about 350 bytes; every caller
// appends to streams of its own, a new one every `length` events (20).
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/log/open_log.hpp"
#include "core/runtime/system_clock.hpp"
#include "core/runtime/system_ids.hpp"
#include "gantry/text.hpp"

namespace {
using namespace gantry;

std::unique_ptr<log::Log> open(const std::string& url, const base::Clock& clock) {
  log::LogOptions options;
  options.database.name = "events";
  options.database.url = url;
  return log::open_log(options, clock);
}

// One of `callers`: appends, waits for the answer, appends again.
struct Caller {
  int64_t began_ns = 0;
  int64_t version = 0;
  std::string stream;
  std::vector<int64_t> took_us;
};

class Load {
 public:
  Load(log::Log& log, const runtime::SystemClock& clock, size_t callers, int64_t length)
      : log_(log), clock_(clock), ids_(clock), callers_(callers), length_(length) {}

  void run(double seconds) {
    ends_ns_ = clock_.monotonic_ns() + static_cast<int64_t>(seconds * 1e9);
    for (size_t i = 0; i < callers_.size(); ++i) free_.push_back(i);
    const size_t threads = std::min<size_t>(callers_.size(), 2);
    std::vector<std::thread> submitters;
    for (size_t t = 0; t < threads; ++t) submitters.emplace_back([this] { submit(); });
    for (auto& thread : submitters) thread.join();
  }
  std::vector<int64_t> times() const {
    std::vector<int64_t> all;
    for (const Caller& caller : callers_)
      all.insert(all.end(), caller.took_us.begin(), caller.took_us.end());
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  void submit() {
    for (;;) {
      size_t mine;
      {
        std::unique_lock lock(mutex_);
        freed_.wait(lock, [&] { return !free_.empty() || over(); });
        if (over()) return;
        mine = free_.back();
        free_.pop_back();
      }
      Caller& caller = callers_[mine];
      if (caller.version % length_ == 0) {
        caller.stream = join("bench-", ids_.uuid7().text());
        caller.version = 0;
      }
      log::Unit unit;
      unit.command = ids_.uuid7();
      unit.meta = R"({"request_id":"018f2f6e-7b4a-7cc1-a2b9-000000000000","actor":"bench"})";
      unit.appends.push_back({caller.stream, caller.version, {{"bench.happened.v1", data_}}, {}});
      caller.began_ns = clock_.monotonic_ns();
      // One caller waits for each answer; many leave their units and hear of them later.
      const auto way = callers_.size() == 1 ? &log::Log::append_here : &log::Log::append;
      (log_.*way)(std::move(unit), [this, mine](const log::Outcome& outcome) {
        if (outcome.code != Code::kOk) {
          std::fprintf(stderr, "log_append: %s\n", outcome.detail.c_str());
          std::_Exit(1);
        }
        Caller& done = callers_[mine];
        ++done.version;
        done.took_us.push_back((clock_.monotonic_ns() - done.began_ns) / 1000);
        const std::lock_guard lock(mutex_);
        free_.push_back(mine);
        freed_.notify_one();
      });
    }
  }
  bool over() const { return clock_.monotonic_ns() >= ends_ns_; }

  log::Log& log_;
  const runtime::SystemClock& clock_;
  runtime::SystemIds ids_;
  std::vector<Caller> callers_;
  const int64_t length_;
  int64_t ends_ns_ = 0;
  const std::string data_ = "{\"text\":\"" + std::string(240, 'x') + "\"}";
  std::mutex mutex_;  // guards free_
  std::condition_variable freed_;
  std::vector<size_t> free_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: log_append URL callers seconds [length]\n");
    return 2;
  }
  const runtime::SystemClock clock;
  const auto log = open(argv[1], clock);
  const double seconds = std::atof(argv[3]);
  Load load(*log, clock, static_cast<size_t>(std::atoi(argv[2])),
            argc > 4 ? std::max(1, std::atoi(argv[4])) : 20);
  load.run(seconds);
  const auto stats = log->stats();
  log->stop();
  const auto times = load.times();
  if (times.empty()) return 1;
  std::printf("%.0f events/s, p50 %lld us, p99 %lld us, %.1f units a commit\n",
              static_cast<double>(times.size()) / seconds,
              static_cast<long long>(times[times.size() / 2]),
              static_cast<long long>(times[times.size() * 99 / 100]),
              static_cast<double>(stats.units) / static_cast<double>(stats.commits));
}
