// Generation: one instance of a plugin, from its entry to destroy(). Calls the plugin's own
// functions, which by the boundary's contract let no exception out (GANTRY_NOEXCEPT; the C++ facade
// guards each): one that does ends the process, as no frame in between can be trusted to unwind.
// Only the entry, which is not noexcept, is caught.
#pragma once
#include <memory>
#include <string>

#include "core/plugins/context.hpp"
#include "core/plugins/prepared.hpp"
#include "gantry/abi/plugin.h"
#include "gantry/result.hpp"

namespace gantry::plugins {

class Generation {
 public:
  // Enters the plugin and takes its plan; `context` outlives it. The refusal is the plugin's reason
  // or what is wrong with its table; it has then been destroyed again.  [setup]
  static Result<std::unique_ptr<Generation>, std::string> prepare(gantry_plugin_entry_fn entry,
                                                                  Context& context);
  // Stops what was started and destroys it.
  ~Generation();
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;

  // throws gantry::Error with the plugin's reason; then it counts as not started.  [setup]
  void start();
  // No call is inside the plugin and none will come. Once; nothing if it was not started.  [setup]
  void stop();

  const Prepared& prepared() const { return prepared_; }

 private:
  explicit Generation(const gantry_plugin& plugin) : plugin_(plugin) {}

  gantry_plugin plugin_;
  Prepared prepared_;
  bool started_ = false;
};

}  // namespace gantry::plugins
