// Bookmark: the row of a checkpoint as the runner that moves it knows it. A commit whose answer was
// lost may have happened or not, or be under way on the server still; the next transaction asks the
// row before it builds on it. One thread at a time.
#pragma once
#include <optional>

#include "core/base/clock.hpp"
#include "core/consume/checkpoint.hpp"
#include "core/consume/lease.hpp"

namespace gantry::consume {

class Bookmark {
 public:
  // The references outlive this.
  Bookmark(const Checkpoint& checkpoint, Lease& lease, const base::Clock& clock);

  // The lease was taken, with the row like this.
  void begin_at(const Standing& row);

  int64_t epoch() const { return epoch_; }    // what it writes under
  const Mark& mark() const { return mark_; }  // what the row says, as far as is certain
  bool may_be_at(const Mark& mark) const { return mark == mark_ || mark == unsure_; }

  // What each transaction that moves the row begins with: mark() is certain after it. Waits for a
  // commit that is under way.
  //   throws  as Checkpoint::move; as sql::Session, and is as uncertain as before
  void settle(sql::Session& session);

  // Moves the row, and renews the lease with it when that is due: the last thing before the commit;
  // moved() follows once that is known to have happened.
  //   throws  as Checkpoint::move, as sql::Session
  void move(sql::Session& session, const Mark& to);
  void moved();

  //   throws  as Checkpoint::move, when this is not how the row was left
  void verify(const std::optional<Standing>& row) const;

 private:
  const Checkpoint& checkpoint_;
  Lease& lease_;
  const base::Clock& clock_;

  int64_t epoch_ = 0;
  Mark mark_;
  std::optional<Mark> unsure_;  // a commit on the way here had no answer: the row may say this
  Lease::Renewal renewal_;      // in that commit
};

}  // namespace gantry::consume
