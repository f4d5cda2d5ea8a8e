#include "core/plugins/generation.hpp"

#include "core/plugins/plan.hpp"
#include "core/plugins/reason.hpp"
#include "core/runtime/thread_tag.hpp"
#include "gantry/error.hpp"
#include "gantry/guard.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
using runtime::ThreadKind;
using runtime::ThreadTag;

gantry_rc enter(gantry_plugin_entry_fn entry, Context& context, gantry_plugin& plugin,
                const Reason& why) {
  try {
    return entry(&context.host(), &plugin, why.sink());
  } catch (...) {
    gantry::detail::say(why.sink(), "its entry threw an exception");
    return GANTRY_INTERNAL;
  }
}
}  // namespace

Result<std::unique_ptr<Generation>, std::string> Generation::prepare(gantry_plugin_entry_fn entry,
                                                                     Context& context) {
  const ThreadTag tag(ThreadKind::kSetup);
  gantry_plugin plugin{};
  plugin.size = sizeof plugin;
  Reason why;
  if (enter(entry, context, plugin, why) != GANTRY_OK)
    return Refused{join("refused to be entered: ", why.text())};
  if (!plugin.prepare || !plugin.destroy)
    return Refused{std::string("did not fill prepare and destroy of its table")};
  std::unique_ptr<Generation> generation(new Generation(plugin));  // NOLINT: private
  Plan plan(context, std::make_shared<pipeline::Owner>(context.id()));
  Reason reason;
  if (plugin.prepare(plugin.self, &plan.table(), reason.sink()) != GANTRY_OK)
    return Refused{join("could not be prepared: ", reason.text())};
  generation->prepared_ = plan.take();
  return generation;
}

Generation::~Generation() {
  stop();
  const ThreadTag tag(ThreadKind::kSetup);
  plugin_.destroy(plugin_.self);
}

void Generation::start() {
  const ThreadTag tag(ThreadKind::kSetup);
  if (plugin_.start) {
    Reason why;
    const gantry_rc rc = plugin_.start(plugin_.self, why.sink());
    if (rc != GANTRY_OK) throw Error(Code::kUnavailable, join("could not start: ", why.text()));
  }
  started_ = true;
}

void Generation::stop() {
  if (!started_) return;
  started_ = false;
  const ThreadTag tag(ThreadKind::kSetup);
  if (plugin_.stop) plugin_.stop(plugin_.self);
}

}  // namespace gantry::plugins
