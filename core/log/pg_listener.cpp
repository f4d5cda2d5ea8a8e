#include "core/log/pg_listener.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <memory>

#include "core/log/pg_link.hpp"

namespace gantry::log {

PgListener::PgListener(std::string conninfo, std::chrono::milliseconds poll_max,
                       std::chrono::milliseconds answer_max)
    : conninfo_(std::move(conninfo)),
      poll_max_(poll_max),
      answer_max_(answer_max),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0) throw Error(Code::kUnavailable, "no file descriptor for the listener");
}

PgListener::~PgListener() { ::close(wake_); }

void PgListener::stop() noexcept { eventfd_write(wake_, 1); }

void PgListener::run(const std::function<void()>& moved) {
  std::unique_ptr<PgLink> link;
  for (;;) {
    bool heard = false;
    try {
      if (!link) {
        link = std::make_unique<PgLink>(
            conninfo_, std::vector<PgStatement>{{"listen", "LISTEN gantry_log"}}, answer_max_);
        link->ask("listen");
        heard = true;  // what came before is not announced
      }
      heard = link->notified() || heard;
    } catch (const Error&) {
      link.reset();  // tried again after poll_max
    }
    if (heard) moved();
    if (!wait(link ? link->socket() : -1)) return;
    if (!heard) moved();
  }
}

// False: stopped.
bool PgListener::wait(int socket) {
  pollfd waiting[2] = {{wake_, POLLIN, 0}, {socket, POLLIN, 0}};
  poll(waiting, socket < 0 ? 1 : 2, static_cast<int>(poll_max_.count()));
  return (waiting[0].revents & POLLIN) == 0;
}

}  // namespace gantry::log
