// sql::SessionPool: the sessions of one kind of one database, at most `max` of them on loan or
// idle. It heals by itself: what has become useless is thrown away and made anew.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/sql/database.hpp"

namespace gantry::sql {

// What an engine's session can do besides.
class PooledSession : public Session {
 public:
  // Ends a transaction that was left open. False: the connection is of no use any more.
  virtual bool clean_up() noexcept = 0;
  // A cheap look, without a question to the server: false when the connection has ended meanwhile.
  virtual bool is_alive() noexcept = 0;
  // How many statements it prepared so far; a steady user adds none.
  virtual uint64_t prepared() const = 0;
};

struct PoolOptions {
  std::string database;  // for errors
  std::string kind;      // "readers", "writers"
  uint32_t max = 1;
  std::chrono::milliseconds wait_max{2000};
};

// All threads. Sessions are opened when first asked for, outside of the lock.
class SessionPool {
 public:
  using Open = std::function<std::unique_ptr<PooledSession>()>;

  //   throws  Invalid  max is 0
  SessionPool(PoolOptions options, Open open);

  // The session goes back when the lease ends, before the pool does.
  //   throws  Exhausted  all were on loan for wait_max
  //           whatever opening one throws
  Lease take();

 private:
  std::unique_ptr<PooledSession> idle_or_slot();
  std::unique_ptr<PooledSession> open();
  void give_back(PooledSession* back);
  void free_slot();

  const PoolOptions options_;
  const Open open_session_;
  std::mutex mutex_;  // guards the rest
  std::condition_variable freed_;
  std::vector<std::unique_ptr<PooledSession>> idle_;  // the one used last is at the end
  uint32_t open_ = 0;                                 // on loan and idle
};

}  // namespace gantry::sql
