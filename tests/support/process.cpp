#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "tests/support/temporary_directory.hpp"

extern char** environ;

namespace gantry::tests {

Process::Process(const std::vector<std::string>& command,
                 const std::vector<std::string>& environment, std::string output_file)
    : output_file_(std::move(output_file)) {
  std::vector<char*> argv;
  for (const auto& a : command) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (const auto& e : environment)
    envp.push_back(const_cast<char*>(e.c_str()));  // the first one counts
  for (char** e = environ; *e; ++e) envp.push_back(*e);
  envp.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, output_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                   0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  if (::posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), envp.data()) != 0) pid_ = -1;
  posix_spawn_file_actions_destroy(&actions);
}

Process::~Process() { kill(); }

void Process::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

int Process::wait(int timeout_ms) {
  if (pid_ <= 0) return code_;
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  pollfd waiting{fd, POLLIN, 0};
  const bool ended = ::poll(&waiting, 1, timeout_ms) > 0;
  ::close(fd);
  if (!ended) return -1;
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int Process::kill() {
  signal(SIGKILL);
  return wait(-1);
}

std::string Process::output() const {
  std::ifstream in(output_file_, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::pair<int, std::string> Process::run(const std::vector<std::string>& command,
                                         const std::vector<std::string>& environment,
                                         int timeout_ms) {
  const TemporaryDirectory directory;
  Process process(command, environment, directory.path() + "/output");
  int code = process.wait(timeout_ms);
  if (code < 0) process.kill();
  return {code, process.output()};
}

}  // namespace gantry::tests
