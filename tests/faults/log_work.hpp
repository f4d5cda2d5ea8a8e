// LogWork: what the log_workers of one test were answered, and whether that can be true
// (log_worker.cpp says what becomes of unit n).
#pragma once
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "gantry/text.hpp"
#include "tests/support/process.hpp"
#include "tests/support/shop.hpp"
#include "tests/support/storage.hpp"

namespace gantry::tests {

class LogWork {
 public:
  explicit LogWork(const Storage& storage, std::string mutation = {})
      : storage_(storage), mutation_(std::move(mutation)) {}

  // Appends units first … first + count - 1 in a process of its own; its exit code.
  int run(int64_t first, int64_t count, std::vector<std::string> environment = {}) {
    start(first, count, std::move(environment));
    return finish();
  }

  // The same in two steps; `url` instead of the storage's own.
  void start(int64_t first, int64_t count, std::vector<std::string> environment = {},
             const std::string& url = {}) {
    const std::string folder = Server::bin_dir(!mutation_.empty());
    if (!mutation_.empty()) environment.push_back("GANTRY_MUTATE=" + mutation_);
    output_ = join(directory_.path(), "/answers", ++runs_);
    process_ = std::make_unique<Process>(
        std::vector<std::string>{folder + "/log_worker", url.empty() ? this->url() : url,
                                 directory_.path(), to_text(first), to_text(count)},
        environment, output_);
  }
  Process& process() { return *process_; }
  int finish(int timeout_ms = 60000) {
    const int code = process_->wait(timeout_ms);
    if (code < 0) process_->kill();
    note();
    return code;
  }
  std::string output() const { return process_->output(); }

  // One sentence on what is wrong with the last answers to all units before `end`, or with an
  // answer that is not what the same unit was answered before.
  std::string complaint(int64_t end) const {
    if (!changed_.empty()) return changed_;
    for (int64_t n = 0; n < end; ++n) {
      const int64_t kind = n % 8;
      const int status = status_of(n);
      if (kind == 3 || kind == 7) {
        if (status != 409) return join("unit ", n, " conflicts and got ", status);
      } else if (kind == 2) {
        if ((status == 200) + (status_of(n + 4) == 200) != 1)
          return join("units ", n, " and ", n + 4, " got ", status, " and ", status_of(n + 4));
      } else if (kind != 6 && status != 200) {
        return join("unit ", n, " is good and got ", status);
      }
    }
    return {};
  }

  // gantry-verify on the log, with everything that was answered.
  std::pair<int, std::string> verify() const {
    std::ofstream(directory_.path() + "/history.jsonl") << history_;
    return Process::run({Server::bin_dir() + "/gantry-verify", "--events", url(), "--history",
                         directory_.path() + "/history.jsonl"});
  }

 private:
  std::string url() const {
    return storage_.engine() == Engine::sqlite ? join("sqlite:", directory_.path(), "/events.db")
                                               : storage_.url();
  }
  int status_of(int64_t n) const {
    const auto at = answers_.find(n);
    return at == answers_.end() ? 0 : at->second.status;
  }

  void note() {
    std::ifstream lines(output_);
    for (std::string line; std::getline(lines, line);) {
      if (line.empty() || line.front() != '{') continue;  // what it said about itself
      const JsonBody body(line);
      if (!body.ok()) continue;  // killed while it wrote
      history_ += line + '\n';
      const int64_t n = body.integer("n");
      const Answered now{static_cast<int>(body.integer("status")), body.integer("first")};
      const auto [at, fresh] = answers_.try_emplace(n, now);
      if (!fresh && at->second.status == 200 && now != at->second)
        changed_ = join("unit ", n, " was at position ", at->second.first, ", now ", now.status,
                        " at ", now.first);
      at->second = now;
    }
  }

  struct Answered {
    int status = 0;
    int64_t first = -1;
    friend bool operator==(const Answered&, const Answered&) = default;
  };

  const Storage& storage_;
  const std::string mutation_;
  const TemporaryDirectory directory_;
  int runs_ = 0;
  std::string output_;
  std::unique_ptr<Process> process_;
  std::map<int64_t, Answered> answers_;
  std::string changed_;
  std::string history_;
};

}  // namespace gantry::tests
