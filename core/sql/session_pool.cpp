#include "core/sql/session_pool.hpp"

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {

SessionPool::SessionPool(PoolOptions options, Open open)
    : options_(std::move(options)), open_session_(std::move(open)) {
  if (options_.max == 0)
    throw Error(Code::kInvalid, join(options_.kind, "_max must be at least 1"));
}

Lease SessionPool::take() {
  auto session = idle_or_slot();
  while (session && !session->is_alive()) {
    session.reset();
    free_slot();
    session = idle_or_slot();
  }
  if (!session) session = open();
  return Lease(session.release(),
               [this](Session* back) { give_back(static_cast<PooledSession*>(back)); });
}

// An idle session, or null with a slot reserved for a new one.
std::unique_ptr<PooledSession> SessionPool::idle_or_slot() {
  std::unique_lock lock(mutex_);
  const auto free = [&] { return !idle_.empty() || open_ < options_.max; };
  if (!freed_.wait_for(lock, options_.wait_max, free)) {
    throw Error(Code::kExhausted,
                join("database '", options_.database, "': all ", options_.max, " ", options_.kind,
                     " were busy for ", options_.wait_max.count(), " ms"));
  }
  if (idle_.empty()) {
    ++open_;
    return nullptr;
  }
  auto session = std::move(idle_.back());
  idle_.pop_back();
  return session;
}

std::unique_ptr<PooledSession> SessionPool::open() {
  try {
    return open_session_();
  } catch (...) {
    free_slot();
    throw;
  }
}

void SessionPool::give_back(PooledSession* back) {
  std::unique_ptr<PooledSession> session(back);
  if (!session->clean_up()) {
    session.reset();
    return free_slot();
  }
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(session));
  freed_.notify_one();
}

void SessionPool::free_slot() {
  const std::lock_guard lock(mutex_);
  --open_;
  freed_.notify_one();
}

}  // namespace gantry::sql
