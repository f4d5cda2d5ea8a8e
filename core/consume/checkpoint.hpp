// Checkpoint: the row of es_checkpoint that says how far a consumer is, and the two guards that
// keep it true: the fence (nobody else moved it) and the witness (the log still is the one it was
// read from).
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
    kLog,     // the log is not the one it has read so far
    kFenced,  // somebody else moved its checkpoint
  };
  explicit Halt(std::string reason, Cause cause = Cause::kLog)
      : reason_(std::move(reason)), cause_(cause) {}
  const char* what() const noexcept override { return reason_.c_str(); }
  Cause cause() const { return cause_; }

 private:
  std::string reason_;
  Cause cause_;
};

class Checkpoint {
 public:
  Checkpoint(std::string consumer, uint32_t version);

  // The row; a new one at position 0 when there is none. Inside a transaction of the caller.
  Mark take(sql::Session& session, Instant now) const;

  // The row, if there is one.
  std::optional<Mark> read(sql::Session& session) const;

  // Moves the row. Inside the transaction that writes the rows it stands for.
  //   throws  Halt  the row is not at `from` ("fenced")
  void move(sql::Session& session, const Mark& from, const Mark& to, Instant now) const;

  [[noreturn]] static void fenced(const std::optional<Mark>& is, const Mark& expected);

 private:
  std::string consumer_;
  int64_t version_;
};

//   throws  Halt  the event at `mark` is gone or another one ("log diverged at position n")
void verify_witness(log::Log& log, const Mark& mark);

}  // namespace gantry::consume
