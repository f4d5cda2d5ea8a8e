// sql::Asker: point reads of one event loop on one logical database, without a thread that waits:
// the statement is asked, the loop goes on, and the answer is called back.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/runtime/loop.hpp"
#include "core/sql/ask.hpp"

namespace gantry::sql {

struct AskOptions {
  uint32_t asks_max = 4096;                 // outstanding, of one loop on one database
  std::chrono::milliseconds timeout{5000};  // of each
  uint32_t connections = 2;                 // PostgreSQL: of one loop
};

// What an asker needs from elsewhere; all outlive it.
struct AskerPorts {
  runtime::Loop& loop;
  const base::Clock& clock;
  // runtime::Workers::submit: false = full; otherwise exactly one of the two is called, on a
  // worker.
  std::function<bool(std::function<void()> task, std::function<void()> on_expired)> submit;
};

// Loop thread only, its destructor too.
class Asker {
 public:
  // What is still outstanding is answered Unavailable.
  virtual ~Asker() = default;

  // Runs one statement that only reads; text and parameters as in Session::query.
  //
  //   done    called exactly once, on the loop's thread, after ask() has returned: with every row,
  //           or with the code that Session::query would throw, or Deadline (no answer in time)
  //   throws  Exhausted  asks_max are outstanding; `done` is not called
  virtual void ask(std::string_view statement, const Values& values, Answered done) = 0;
};

}  // namespace gantry::sql
