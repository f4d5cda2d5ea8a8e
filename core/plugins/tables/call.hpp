// call(): how every function of a table runs. Nothing is thrown through a table: a gantry::Error
// becomes its code and its sentence, anything else is logged and becomes GANTRY_INTERNAL.
#pragma once
#include <string_view>

#include "core/plugins/context.hpp"
#include "core/runtime/thread_tag.hpp"
#include "gantry/error.hpp"
#include "gantry/guard.hpp"

namespace gantry::plugins {

// Logs the exception under way as a fault of the host; inside a catch block only.
void report_internal(Context& context, std::string_view function) noexcept;

// Runs body(context), which returns a gantry_rc, unless the plugin is gone.
template <class F>
gantry_rc call(void* self, const gantry_sink* why, std::string_view function, F&& body) noexcept {
  Context& context = *static_cast<Context*>(self);
  if (!context.is_open()) {
    gantry::detail::say(why, "this plugin has been switched off");
    return GANTRY_STALE;
  }
  try {
    return body(context);
  } catch (const Error& error) {
    gantry::detail::say(why, error.detail());
    return static_cast<gantry_rc>(error.code());
  } catch (...) {
    report_internal(context, function);
    gantry::detail::say(why, "the host failed; see its log");
    return GANTRY_INTERNAL;
  }
}

// The same for functions without a return code.
template <class F>
void run(void* self, std::string_view function, F&& body) noexcept {
  call(self, nullptr, function, [&](Context& context) {
    body(context);
    return GANTRY_OK;
  });
}

inline gantry_rc refuse(const gantry_sink* why, gantry_rc rc, std::string_view text) {
  gantry::detail::say(why, text);
  return rc;
}

// For functions that wait for a disk: an event loop must not.
inline void demand_blocking_thread(std::string_view function) {
  if (runtime::thread_kind() == runtime::ThreadKind::kIo)
    throw Error(Code::kDenied,
                join(function, " blocks; call it on a worker, not on an event loop"));
}

}  // namespace gantry::plugins
