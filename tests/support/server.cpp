#include "tests/support/server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gantry/text.hpp"

extern char** environ;

namespace gantry::tests {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

pid_t spawn(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
            const std::string& output_file) {
  std::vector<char*> argv;
  for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (const auto& e : environment)
    envp.push_back(const_cast<char*>(e.c_str()));  // the first one counts
  for (char** e = environ; *e; ++e) envp.push_back(*e);
  envp.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                   0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t pid = -1;
  if (posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), envp.data()) != 0) pid = -1;
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

// Waits for the process to end; false after timeout_ms.
bool wait_end(pid_t pid, int timeout_ms, int& status) {
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  pollfd wait{fd, POLLIN, 0};
  const bool ended = ::poll(&wait, 1, timeout_ms) > 0;
  ::close(fd);
  if (ended) ::waitpid(pid, &status, 0);
  return ended;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "gantry-test-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) std::abort();
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryDirectory::write(const std::string& name, const std::string& text) const {
  const std::string file = join(path_, '/', name);
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

std::string Server::binary() { return GANTRY_TEST_BINARY; }
std::string Server::source_dir() { return GANTRY_SOURCE_DIR; }

Server::Server(ServerOptions options) : options_(std::move(options)) {
  if (options_.binary.empty()) options_.binary = binary();
  config_file_ = options_.config.empty() ? source_dir() + "/config/gantry.yaml"
                                         : data_.write("test-config/gantry.yaml", options_.config);
  output_file_ = data_.path() + "/output.log";
}

Server::~Server() {
  if (pid_ > 0) kill();
}

bool Server::start() {
  std::vector<std::string> arguments{options_.binary, "serve",
                                     "--config",      config_file_,
                                     "--data-dir",    data_.path() + "/" + options_.data_dir,
                                     "--set",         "http.listen=127.0.0.1:0",
                                     "--set",         "logging.format=json"};
  arguments.insert(arguments.end(), options_.arguments.begin(), options_.arguments.end());
  std::filesystem::remove(output_file_ + ".old");
  if (std::filesystem::exists(output_file_))
    std::filesystem::rename(output_file_, output_file_ + ".old");
  pid_ = spawn(arguments, options_.environment, output_file_);
  return pid_ > 0 && wait_ready();
}

// The line with event "host.ready" tells the address.
bool Server::wait_ready() {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(options_.ready_timeout_ms);
  while (Clock::now() < deadline) {
    const std::string text = read_file(output_file_);
    const size_t ready = text.find("\"event\":\"host.ready\"");
    if (ready != std::string::npos) {
      const size_t line = text.rfind('\n', ready) + 1;
      const size_t address = text.find("http://", line);
      const size_t colon = text.find(':', address + 7);
      if (address != std::string::npos && colon != std::string::npos) {
        port_ = static_cast<uint16_t>(std::atoi(text.c_str() + colon + 1));
        return true;
      }
    }
    int status = 0;
    if (wait_end(pid_, 5, status)) {  // also what paces this loop
      pid_ = -1;
      return false;
    }
  }
  return false;
}

void Server::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

void Server::kill() {
  signal(SIGKILL);
  int status = 0;
  if (pid_ > 0) ::waitpid(pid_, &status, 0);
  pid_ = -1;
}

int Server::stop(int timeout_ms) {
  signal(SIGTERM);
  int status = 0;
  if (pid_ <= 0 || !wait_end(pid_, timeout_ms, status)) return -1;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Server::output() const { return read_file(output_file_); }

std::pair<int, std::string> Server::run(const std::vector<std::string>& arguments,
                                        const std::vector<std::string>& environment) {
  const TemporaryDirectory directory;
  const std::string output = directory.path() + "/output";
  std::vector<std::string> argv{binary()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const pid_t pid = spawn(argv, environment, output);
  int status = -1;
  if (pid > 0 && !wait_end(pid, 60000, status)) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, &status, 0);
  }
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(output)};
}

}  // namespace gantry::tests
