#include "core/log/pg_listener.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "core/log/pg_link.hpp"
#include "core/log/pg_place.hpp"

namespace gantry::log {

PgListener::PgListener(std::string conninfo, std::chrono::milliseconds poll_max,
                       std::chrono::milliseconds answer_max, const std::atomic<int>& own)
    : conninfo_(std::move(conninfo)),
      poll_max_(poll_max),
      answer_max_(answer_max),
      own_(own),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0) throw Error(Code::kUnavailable, "no file descriptor for the listener");
}

PgListener::~PgListener() { ::close(wake_); }

void PgListener::stop() noexcept { eventfd_write(wake_, 1); }

void PgListener::run(const std::function<void()>& moved) {
  using Clock = std::chrono::steady_clock;
  std::unique_ptr<PgLink> link;
  bool shares = false;                            // the log, as the writer does
  for (Clock::time_point due = Clock::now();;) {  // when to look without having heard anything
    bool heard = false;
    try {
      if (!link) {
        link = std::make_unique<PgLink>(
            conninfo_,
            std::vector<PgStatement>{{"listen", "LISTEN gantry_log"}, {"share", kSharePlace}},
            answer_max_);
        link->ask("listen");
        heard = true;  // what came before is not announced
        shares = false;
      }
      if (!shares) shares = link->ask("share").integer(0, 0) != 0;
      heard = link->notified(own_.load(std::memory_order_relaxed)) || heard;
    } catch (const Error&) {
      link.reset();  // tried again when it is time to look
    }
    if (heard || Clock::now() >= due) {
      moved();
      due = Clock::now() + poll_max_;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
    if (!wait(link ? link->socket() : -1, std::max(left, std::chrono::milliseconds(0)))) return;
  }
}

// False: stopped.
bool PgListener::wait(int socket, std::chrono::milliseconds longest) const {
  pollfd waiting[2] = {{wake_, POLLIN, 0}, {socket, POLLIN, 0}};
  poll(waiting, socket < 0 ? 1 : 2, static_cast<int>(longest.count()));
  return (waiting[0].revents & POLLIN) == 0;
}

}  // namespace gantry::log
