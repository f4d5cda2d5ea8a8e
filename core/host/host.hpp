// Host: the composition root. Makes every part, hands each what it needs, starts and stops them in
// order. Nobody but core/cli includes this.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/host/configuration.hpp"

namespace gantry::host {

struct HostOptions {
  std::string data_dir;
};

// Why the server does not start; none: it runs.
struct StartFaults {
  std::vector<config::Fault> faults;
  bool failed = false;  // a plugin could not start; false: the configuration is wrong
};

class Host {
 public:
  // Opens the data directory, the log and the databases. `configuration` has no faults and outlives
  // this.
  //   throws  Unavailable  the data directory is in use, a database cannot be opened
  //           Invalid      a database is newer than this binary
  Host(const Configuration& configuration, const HostOptions& options);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Starts the plugins, then listens. Faults mean that nothing was started.
  //   throws  Unavailable  the address cannot be bound
  StartFaults start();

  // Stops taking requests, lets those under way finish (shutdown.drain_timeout_ms), stops the
  // plugins.
  void shut_down();

  // Somebody wants the configuration to be read again (SIGHUP): says that this takes a restart.
  // Logs go to standard output, so there is no file to open again.
  void reload_asked();

  const std::string& address() const;  // "127.0.0.1:8080", after start()

 private:
  const Configuration& configuration_;
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Loads and prepares every enabled plugin and builds the routes and chains from them, without data
// and without listening; what is wrong, by place. Leaves nothing behind.  [setup]
//   throws  Unavailable  no scratch directory can be made
config::Findings check_plans(const Configuration& configuration);

}  // namespace gantry::host
