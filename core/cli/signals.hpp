// What the server does about signals: SIGTERM and SIGINT end it, SIGHUP asks to reload, SIGQUIT
// dumps core; of the others none ends it that is not about a mistake of the program itself.
#pragma once
#include <functional>

namespace gantry::cli {

// Before the first thread.
void take_signals();

// Blocks until SIGTERM or SIGINT; calls `on_hangup` for each SIGHUP that comes before.
void wait_for_end(const std::function<void()>& on_hangup);

}  // namespace gantry::cli
