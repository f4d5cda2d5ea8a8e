// Server: the real gantry binary as a child process with its own data directory and a free port.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/http_client.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gantry::tests {

struct ServerOptions {
  std::string binary = {};                  // empty: the binary of this build
  std::string config = {};                  // YAML text; empty: the project's config/gantry.yaml
  std::vector<std::string> arguments = {};  // further ones, such as "--set", "logging.level=debug"
  std::vector<std::string> environment = {};  // "NAME=value"
  std::string data_dir = "var";               // below a directory of its own
  int ready_timeout_ms = 60000;
};

class Server {
 public:
  explicit Server(ServerOptions options = {});  // destroyed: SIGKILL when it still runs
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Starts the process and waits until it says that it is ready. False: it ended or took too long;
  // see output(). The data directory is kept from one start to the next.
  bool start();
  void kill();  // SIGKILL, and waits
  int stop(
      int timeout_ms = 40000);  // SIGTERM, and waits; returns the exit code, -1 after the time-out
  void signal(int number) const;
  // Waits until it has ended by itself; returns as stop(). -1 after the time-out.
  int wait_ended(int timeout_ms = 40000);
  // For the next start, instead of what was given: "NAME=value"; arguments.
  void set_arguments(std::vector<std::string> arguments) {
    options_.arguments = std::move(arguments);
  }
  void set_environment(std::vector<std::string> environment) {
    options_.environment = std::move(environment);
  }

  uint16_t port() const { return port_; }
  pid_t pid() const { return process_ ? process_->pid() : -1; }
  const std::string& data_dir() const { return data_.path(); }
  HttpClient client() const { return HttpClient(port_); }
  std::string output() const;  // everything that it wrote to stdout and stderr so far

  // Runs `gantry <arguments>` to its end. Returns {exit code, output}.
  static std::pair<int, std::string> run(const std::vector<std::string>& arguments,
                                         const std::vector<std::string>& environment = {});
  static std::string binary();           // of this build
  static std::string mutation_binary();  // of the preset "mutation", whether it is there or not
  static std::string bin_dir(bool mutation = false);  // where the programs of that build are
  static std::string source_dir();                    // of the project

 private:
  bool wait_ready();

  ServerOptions options_;
  TemporaryDirectory data_;
  std::string config_file_;
  std::string output_file_;
  std::unique_ptr<Process> process_;
  uint16_t port_ = 0;
};

}  // namespace gantry::tests
