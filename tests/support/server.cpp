#include "tests/support/server.hpp"

#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gantry/text.hpp"

namespace gantry::tests {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

std::string Server::binary() { return GANTRY_TEST_BINARY; }
std::string Server::mutation_binary() { return source_dir() + "/build/mutation/bin/gantry"; }
std::string Server::bin_dir(bool mutation) {
  const std::string file = mutation ? mutation_binary() : binary();
  return file.substr(0, file.rfind('/'));
}
std::string Server::source_dir() { return GANTRY_SOURCE_DIR; }

Server::Server(ServerOptions options) : options_(std::move(options)) {
  if (options_.binary.empty()) options_.binary = binary();
  config_file_ = options_.config.empty() ? source_dir() + "/config/gantry.yaml"
                                         : data_.write("test-config/gantry.yaml", options_.config);
  output_file_ = data_.path() + "/output.log";
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
  process_ = std::make_unique<Process>(arguments, options_.environment, output_file_);
  return process_->pid() > 0 && wait_ready();
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
    if (process_->wait(5) >= 0) return false;  // it ended; also what paces this loop
  }
  return false;
}

void Server::signal(int number) const {
  if (process_) process_->signal(number);
}

void Server::kill() {
  if (process_) process_->kill();
}

int Server::stop(int timeout_ms) {
  signal(SIGTERM);
  return wait_ended(timeout_ms);
}

int Server::wait_ended(int timeout_ms) { return process_ ? process_->wait(timeout_ms) : -1; }

std::string Server::output() const { return read_file(output_file_); }

std::pair<int, std::string> Server::run(const std::vector<std::string>& arguments,
                                        const std::vector<std::string>& environment) {
  std::vector<std::string> command{binary()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto ended = Process::run(command, environment);
  return {ended.first < 128 ? ended.first : -1, ended.second};
}

}  // namespace gantry::tests
