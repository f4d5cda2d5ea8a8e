// Runs a shell command and keeps what it says.
#pragma once
#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace gantry::sdk_test {

struct Ran {
  int status = -1;
  std::string output;  // both streams
};

inline Ran run(const std::string& command) {
  Ran ran;
  // A compiler that runs inside the test needs none of its sanitizers' settings.
  FILE* pipe = ::popen(("unset LD_PRELOAD ASAN_OPTIONS; { " + command + "; } 2>&1").c_str(), "r");
  if (!pipe) return ran;
  char buffer[4096];
  for (size_t count; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    ran.output.append(buffer, count);
  const int status = ::pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

inline bool have(const std::string& program) { return run("command -v " + program).status == 0; }

}  // namespace gantry::sdk_test
