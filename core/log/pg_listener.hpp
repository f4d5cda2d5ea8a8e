// log::PgListener: says when other processes may have appended. A connection of its own that
// listens and never opens a transaction: one that did would hold up the server's queue of
// notifications. A notification is a hint; without any, there is a look every poll_max. What this
// process appends itself it knows.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <string>

namespace gantry::log {

class PgListener {
 public:
  // `own`: the server's process that appends for us; outlives this.
  PgListener(std::string conninfo, std::chrono::milliseconds poll_max,
             std::chrono::milliseconds answer_max, const std::atomic<int>& own);
  ~PgListener();
  PgListener(const PgListener&) = delete;
  PgListener& operator=(const PgListener&) = delete;

  // Until stop(). A lost connection is opened again; meanwhile only the looks remain.
  void run(const std::function<void()>& moved);
  void stop() noexcept;  // [any]

 private:
  bool wait(int socket, std::chrono::milliseconds longest) const;

  const std::string conninfo_;
  const std::chrono::milliseconds poll_max_;
  const std::chrono::milliseconds answer_max_;
  const std::atomic<int>& own_;
  int wake_ = -1;  // an eventfd: readable once stopped
};

}  // namespace gantry::log
