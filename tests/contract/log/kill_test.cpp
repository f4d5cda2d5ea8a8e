// kill -9 in the middle: what was acknowledged is there, once; what was not is there whole or not
// at all.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <thread>

#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class Kill : public LogContract {};
INSTANTIATE_TEST_SUITE_P(On, Kill, testing::ValuesIn(durable_adapters()),
                         [](const auto& one) { return one.param.name; });

constexpr int kRounds = 6;
constexpr int kCallers = 4;

struct Acknowledged {
  int32_t n;
  int64_t first, last;
};

Unit of(int n) {
  return unit(n,
              {to("own-" + std::to_string(n % 7), kAny), to("pair-" + std::to_string(n), kAbsent)});
}

// In the child: appends for ever and writes what was acknowledged into the pipe.
[[noreturn]] void append_for_ever(const Adapter& adapter, const std::filesystem::path& folder,
                                  int round, int pipe) {
  ManualClock clock;
  const auto log = adapter.open(folder, {.append_batch_max = 8}, clock);
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0;; ++i) {
        const int n = round * 1'000'000 + caller * 100'000 + i;
        const Outcome outcome = log->append_wait(of(n));
        if (outcome.code != Code::kOk) _exit(2);
        const Acknowledged line{n, outcome.committed.first, outcome.committed.last};
        if (write(pipe, &line, sizeof line) != sizeof line) _exit(3);
      }
    });
  }
  for (auto& caller : callers) caller.join();
  _exit(0);
}

// Reads acknowledgements until there are `count`, kills the child, reads the rest.
std::vector<Acknowledged> kill_after(pid_t child, int pipe, size_t count) {
  std::vector<Acknowledged> lines;
  Acknowledged line;
  while (read(pipe, &line, sizeof line) == sizeof line) {
    lines.push_back(line);
    if (lines.size() == count) kill(child, SIGKILL);
  }
  return lines;
}

TEST_P(Kill, LosesNothingAcknowledgedAndDoublesNothing) {
  open().stop();  // the children find everything made
  std::map<int32_t, Acknowledged> acknowledged;
  for (int round = 0; round < kRounds; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) append_for_ever(GetParam(), folder_.path(), round, ends[1]);
    close(ends[1]);
    for (const auto& line : kill_after(child, ends[0], static_cast<size_t>(37 + 13 * round))) {
      acknowledged[line.n] = line;
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  }

  open();
  const auto events = all(log());  // checks density and checksums
  EXPECT_EQ(static_cast<Position>(events.size()), log().head());
  for (const auto& [n, line] : acknowledged) {
    ASSERT_EQ(line.last, line.first + 1);
    EXPECT_EQ(events.at(static_cast<size_t>(line.first - 1))->id, uuid5(command(n), "0"));
    EXPECT_EQ(events.at(static_cast<size_t>(line.last - 1))->id, uuid5(command(n), "1"));
    EXPECT_EQ(log().stream_version("pair-" + std::to_string(n)), 1);
  }
  EXPECT_GT(acknowledged.size(), 100u);
  EXPECT_EQ(events.size() % 2, 0u);
  for (size_t i = 0; i < events.size(); i += 2)
    EXPECT_EQ(events[i]->meta, events[i + 1]->meta);  // whole units
  const Acknowledged& last = acknowledged.rbegin()->second;
  EXPECT_TRUE(log().append_wait(of(last.n)).committed.repeated);
}
}  // namespace
}  // namespace gantry::log::test
