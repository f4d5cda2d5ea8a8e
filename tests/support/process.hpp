// Process: a child process of a test; what it writes goes to a file.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

namespace gantry::tests {

class Process {
 public:
  // Starts it; "NAME=value" come before what this process has. pid() -1: it did not start.
  Process(const std::vector<std::string>& command, const std::vector<std::string>& environment,
          std::string output_file);
  ~Process();  // SIGKILL when it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }  // -1 once it has ended
  void signal(int number) const;
  // Waits for its end: the exit code, 128 + the signal that ended it, also when asked again; -1
  // after the time-out.
  int wait(int timeout_ms);
  int kill();                  // SIGKILL, and waits
  std::string output() const;  // what it wrote so far

  // Runs it to its end, at most timeout_ms: {exit code as wait(), output}.
  static std::pair<int, std::string> run(const std::vector<std::string>& command,
                                         const std::vector<std::string>& environment = {},
                                         int timeout_ms = 60000);

 private:
  const std::string output_file_;
  pid_t pid_ = -1;
  int code_ = -1;  // once it has ended
};

}  // namespace gantry::tests
