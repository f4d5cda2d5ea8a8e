// Checkpoint: the row of es_checkpoint that says how far a consumer is and which instance runs it,
// and the guards that keep it true: the epoch (whoever took the lease last writes, nobody else),
// the position (nothing else moved it) and the witness (the log still is the one it was read from).
#pragma once
#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include "core/log/log.hpp"
#include "core/sql/session.hpp"
#include "gantry/instant.hpp"
#include "gantry/uuid.hpp"

namespace gantry::consume {

// A place in the log: a position and the event that stands there. Position 0 has the nil id.
struct Mark {
  log::Position position = 0;
  Uuid event;
  friend bool operator==(const Mark&, const Mark&) = default;
};

inline Mark mark_of(const log::Event& event) { return {event.position, event.id}; }

// Thrown when a consumer must not go on: only a person can say what is right now.
class Halt : public std::exception {
 public:
  enum class Cause : uint8_t {
    kLog,      // the log is not the one it has read so far
    kDamaged,  // an event of the log is missing or not as it was written
    kFenced,   // somebody else moved its checkpoint
  };
  explicit Halt(std::string reason, Cause cause = Cause::kLog)
      : reason_(std::move(reason)), cause_(cause) {}
  const char* what() const noexcept override { return reason_.c_str(); }
  Cause cause() const { return cause_; }

 private:
  std::string reason_;
  Cause cause_;
};

// Thrown when another instance has taken the lease: what was about to be written must not be.
class LeaseLost : public std::exception {
 public:
  const char* what() const noexcept override { return "another instance has taken the lease"; }
};

// What the row says. Times are by the database's clock.
struct Standing {
  Mark mark;
  int64_t epoch = 0;     // how often the lease was taken
  std::string instance;  // that has the lease; empty: nobody
  Instant lease_until;
};

// Who wants the lease, and until when.
struct Claim {
  std::string_view instance;
  bool again = false;  // it may have it already: since before a crash, or an answer was lost
  Instant now;         // sql::Session::now
  Instant until;
};

struct Claimed {
  bool granted = false;
  Standing row;  // as it is now
};

// One step forward under `epoch`. A `lease_until` later than the row's renews the lease with it.
struct Move {
  int64_t epoch = 0;
  Mark from;
  Mark to;
  Instant now;  // information only
  Instant lease_until;
};

class Checkpoint {
 public:
  Checkpoint(std::string consumer, uint32_t version);

  // The row, if there is one.
  std::optional<Standing> read(sql::Session& session) const;

  // The same, once nobody is changing it, and nobody will until the transaction of the caller ends.
  std::optional<Standing> lock(sql::Session& session) const;

  // Takes the lease when nobody has it, when it has run out, or, if asked, `again`; makes the row
  // when there is none. Inside a transaction of the caller.
  Claimed take(sql::Session& session, const Claim& claim) const;

  // Lets the lease last until then, never shorter than it does. False: it was taken by another.
  bool renew(sql::Session& session, int64_t epoch, Instant until) const;

  // Gives the lease back, so that anybody may take it at once. No effect when another has it.
  void release(sql::Session& session, int64_t epoch) const;

  // Moves the row. Inside the transaction that writes the rows it stands for.
  //   throws  LeaseLost  the row has another epoch
  //           Halt       the row is not at `from` ("fenced")
  void move(sql::Session& session, const Move& move) const;

  // What is wrong with a row that is not where this instance left it; throws as move().
  [[noreturn]] static void fenced(const std::optional<Standing>& is, int64_t epoch,
                                  const Mark& expected);

 private:
  std::optional<Standing> read(sql::Session& session, std::string_view row_lock) const;

  std::string consumer_;
  int64_t version_;
};

//   throws  Halt  the event at `mark` is gone or another one ("log diverged at position n")
void verify_witness(log::Log& log, const Mark& mark);

}  // namespace gantry::consume
