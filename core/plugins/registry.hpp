// Registry: every plugin that was found, and its life. Start here.
//
// Operations run one at a time, on the caller's thread, and block ([setup]); ask for them from a
// thread of their own (a runtime::Workers with one thread), never from a request: disable() waits
// for requests. Each does everything or, on any failure, leaves what answers requests as it was.
#pragma once
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/plugins/closed_routes.hpp"
#include "core/plugins/consumer_control.hpp"
#include "core/plugins/installed.hpp"
#include "core/plugins/publisher.hpp"
#include "core/plugins/switch_plan.hpp"

namespace gantry::plugins {

// Why the server should not start.
struct StartFault {
  std::string path;     // key of the configuration to look at ("chains.private[2]"), or empty
  std::string message;  // one sentence
  bool failed = false;  // a plugin could not start; false: the configuration or a plan is wrong
};

// What is wrong with the plugins that a configuration names. Warnings do not keep it from starting.
struct PlanFindings {
  std::vector<StartFault> faults;
  std::vector<StartFault> warnings;  // routes that would answer 503
};

struct RegistryOptions {
  std::string data_dir;  // staged libraries go below it
  std::chrono::milliseconds drain_timeout{30000};
};

class Registry {
 public:
  // All references outlive the registry. `host` is what the server itself contributes to every
  // composition.
  Registry(const RegistryOptions& options, const Ports& ports, Publisher& publisher,
           ConsumerControl& consumers, std::vector<pipeline::Contribution> host = {});
  // As stop_all(drain_timeout).
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // Finds the *.so files of the directories, by name, and verifies them; runs none. Of two files
  // with the same id, <id>.so counts, else the one found first; the other is refused. Once, before
  // start_all.
  void discover(const std::vector<std::string>& directories);

  // Starts those of `enabled` with `start`, in that order, and publishes them together. One that
  // fails and is not required stays out, with its reason; then chains that name its middleware
  // answer 503.
  //   returns  why the server should not go on: required plugins that failed, or the whole cannot
  //   be
  //            published. Then nothing was published, and nothing runs.
  std::vector<StartFault> start_all(const std::vector<Enabled>& enabled);

  // What start_all would find wrong before it touches any data: loads and prepares those that are
  // to start, checks them together, and lets them go again.  Instead of start_all.
  PlanFindings check_all(const std::vector<Enabled>& enabled);

  // Switches one off: publishes without it, waits until no request uses it, stops its consumers
  // between two events, waits for health checks, borrowed services and commits, stops and destroys
  // it.
  //   on_switched  may be empty; called when no new request reaches it, before the waiting
  //   throws  gantry::Error  NotFound; Conflict: it is not active; Invalid: the rest cannot do
  //   without it;
  //                          Deadline: somebody is still inside and the detail says who. Then it is
  //                          Draining and untouched; call again to wait on.
  void disable(const std::string& id, std::chrono::milliseconds within,
               const std::function<void()>& on_switched = {});

  // Switches one on, as a fresh instance; from the file as it is now, which may be another version.
  // Returns when all event loops use it.
  //   throws  gantry::Error  NotFound; Conflict: it is active or draining; Invalid: refused, or in
  //   conflict
  //                          with another; Unavailable: it could not start. The detail is the
  //                          reason that list() shows.
  void enable(const std::string& id);

  // What disable() and enable() would change, and nothing done; throw as those would before they
  // change anything.
  SwitchPlan plan_disable(const std::string& id);
  SwitchPlan plan_enable(const std::string& id);

  // Switches all off, last started first. What does not drain in time is left as it is, with a log
  // line.
  void stop_all(std::chrono::milliseconds within);

  std::vector<PluginInfo> list() const;                         // by id [any]
  std::optional<PluginInfo> find(const std::string& id) const;  // [any]
  std::vector<ClosedRoutes> closed_routes() const;              // as published last [any]

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kRetiredMax = 256;
  Installed& installed(const std::string& id);
  Installed& active(const std::string& id);    // throws Conflict when it is not
  Installed& inactive(const std::string& id);  // that may be switched on; throws Conflict when not
  SwitchPlan own_of(const Installed& plugin) const;
  void demand_sound(const Composition& composition);
  Installed& configure(const Enabled& enabled);
  void discover_file(const std::string& path);
  void move_to(Installed& plugin, State state, const std::string& reason);
  void learn(Installed& plugin, const Manifest& manifest);

  // Steps of a start; each throws gantry::Error and leaves the plugin Refused or Failed.
  void bring_up(Installed& plugin);  // all of them, up to kStarted
  void verify_again(Installed& plugin);
  void prepare(Installed& plugin);
  void check_databases(const Prepared& prepared) const;
  void check_together(Installed& plugin);
  void register_types(Installed& plugin);
  void migrate(Installed& plugin);
  void start(Installed& plugin);
  void attach(Installed& plugin);  // services, consumers (not started), health checks
  void activate(Installed& plugin);
  [[noreturn]] void fail(Installed& plugin, State state, Code code, const std::string& reason);
  void drop_generation(Installed& plugin);
  size_t retire(Installed& plugin);  // destroys it; returns how many handles it had left open

  void publish_without(Installed& plugin, const std::function<void()>& on_switched);
  void empty_out(Installed& plugin, Clock::time_point deadline);
  void finish(Installed& plugin, Clock::time_point deadline);

  void add_faults_of_all(std::vector<StartFault>& faults);
  void note_closed_routes();  // after a publication: a log line for what it has closed or opened
  Composition composition(const Installed* with, const Installed* without) const;

  const RegistryOptions options_;
  const Ports& ports_;
  Publisher& publisher_;
  ConsumerControl& consumers_;
  const std::vector<pipeline::Contribution> host_;

  std::mutex life_;  // one operation at a time; guards all below but the infos
  std::vector<std::unique_ptr<Installed>> plugins_;  // in the order they were found
  std::vector<Installed*> active_;                   // in the order they were started
  std::deque<std::unique_ptr<Context>> retired_;     // of the last generations (context.hpp)
  bool incomplete_ = false;                          // an enabled plugin is not active
  bool running_ = false;                             // start_all has published
  bool stopped_ = false;

  mutable std::mutex infos_;  // guards what follows, and Installed::info of all, for list()
  std::vector<ClosedRoutes> closed_;
};

}  // namespace gantry::plugins
