// Lease: the right of this instance to run one consumer, for a time. The row of es_checkpoint
// decides who has it; this is what the instance knows of it: under which epoch, and until when it
// may rely on that without asking. All members [any], except as noted.
//
// Two clocks: the row's end is by the database's, which all instances share; this instance counts
// from the moment before it asked, by its own monotonic clock, and stops a tenth early. So it never
// believes longer than the row says, however long the answer took or the process stood still.
#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "core/base/clock.hpp"
#include "core/consume/checkpoint.hpp"
#include "core/sql/database.hpp"

namespace gantry::consume {

class Lease {
 public:
  // `database` gives the database of the row. The references outlive this.
  Lease(const Checkpoint& checkpoint, std::function<sql::Database&()> database,
        const base::Clock& clock, std::string instance, uint32_t lease_ms);

  // The next take may find a lease of this instance that it does not know of, from before a crash.
  void expect_own();

  // Asks for the lease. The row as it is now: held() says whether under this instance.
  //   thread  [bus] blocks on I/O; one at a time; throws as sql::Session
  Standing take();

  // Lets it last longer, in a statement of its own. False: lost to another instance, so not held
  // any more.
  //   thread  [bus] blocks on I/O; throws as sql::Session
  bool renew();

  // A renewal inside a transaction: pass `until` to the row, `renewed` after the commit.
  struct Renewal {
    int64_t asked_ns = 0;
    Instant until;  // 0: none is due
  };
  Renewal renewal(sql::Session& session);
  void renewed(const Renewal& renewal);

  // Gives it back.  [bus] blocks on I/O; throws as sql::Session, and is not held either way
  void release();

  // Another instance has it, as somebody found out.
  void lose();

  // Reads the row; `free`: take() would be granted.  [bus] blocks on I/O; throws as sql::Session
  struct Look {
    bool free = true;
    Standing row;
  };
  Look look();

  bool held() const;
  bool valid() const;          // held, and not run out: something new may begin
  bool renewal_due() const;    // held, and a third of it is over
  int64_t epoch() const;       // of the row when last seen; while held, the one to write under
  std::string holder() const;  // instance that had it when last seen; empty: nobody

 private:
  void see(const Standing& row);
  Instant end_of(Instant now) const;

  const Checkpoint& checkpoint_;
  const std::function<sql::Database&()> database_;
  const base::Clock& clock_;
  const std::string instance_;
  const int64_t lease_ns_;

  mutable std::mutex mutex_;  // guards the rest; not held during I/O
  bool own_ = false;          // a row of this instance may be its own claim
  bool held_ = false;
  int64_t asked_ns_ = 0;  // monotonic, before the lease was last taken or renewed
  int64_t epoch_ = 0;
  std::string holder_;
};

}  // namespace gantry::consume
