// Server: the real gantry binary as a child process with its own data directory and a free port.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/http_client.hpp"

namespace gantry::tests {

// A directory below the system's temporary directory; removed with everything in it when destroyed.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }
  // Writes a file below it and returns its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string path_;
};

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
  explicit Server(ServerOptions options = {});
  ~Server();  // SIGKILL when it still runs
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Starts the process and waits until it says that it is ready. False: it ended or took too long;
  // see output(). The data directory is kept from one start to the next.
  bool start();
  void kill();  // SIGKILL, and waits
  int stop(
      int timeout_ms = 40000);  // SIGTERM, and waits; returns the exit code, -1 after the time-out
  void signal(int number) const;

  uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }
  const std::string& data_dir() const { return data_.path(); }
  HttpClient client() const { return HttpClient(port_); }
  std::string output() const;  // everything that it wrote to stdout and stderr so far

  // Runs `gantry <arguments>` to its end. Returns {exit code, output}.
  static std::pair<int, std::string> run(const std::vector<std::string>& arguments,
                                         const std::vector<std::string>& environment = {});
  static std::string binary();      // of this build
  static std::string source_dir();  // of the project

 private:
  bool wait_ready();

  ServerOptions options_;
  TemporaryDirectory data_;
  std::string config_file_;
  std::string output_file_;
  pid_t pid_ = -1;
  uint16_t port_ = 0;
};

}  // namespace gantry::tests
