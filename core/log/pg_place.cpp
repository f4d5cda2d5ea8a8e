#include "core/log/pg_place.hpp"

#include "core/log/log_tables.hpp"
#include "core/runtime/pause.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

// PostgreSQL may take a moment to notice that somebody has gone.
constexpr int kTries = 40;
constexpr std::chrono::milliseconds kRetryAfter(50);

std::string refusal(std::string_view holders, Use use) {
  if (use == Use::kServe)
    return join("the event log is being copied by ", holders, "; start when that has ended");
  return join("it is in use by ", holders, "; stop that first");
}

}  // namespace

void take_place(PgLink& link, Use use) {
  if (use == Use::kCopyFrom && link.ask("standby").integer(0, 0) != 0)
    throw Error(Code::kInvalid,
                "it is a standby, which does not know who appends; name the primary");
  const char* const lock = use == Use::kServe ? "share" : "alone";
  for (int tries = 1; link.ask(lock).integer(0, 0) == 0; ++tries) {
    if (tries == kTries)
      throw Error(Code::kUnavailable, refusal(link.ask("holders").text(0, 0), use));
    runtime::pause(kRetryAfter);
  }
  // Under the lock: nobody is copying any more.
  if (use != Use::kCopyTo) refuse_unfinished(link.ask("name").text(0, 0));
}

}  // namespace gantry::log
