// log::PgLink: a libpq connection that the log drives itself: statements prepared when it opens,
// many of them sent before the first answer is read (pipeline mode), everything in binary, every
// wait bounded. One thread at a time.
//
// A round is: send() for each statement, then end_round(), then take() for each statement in the
// same order, then round_over(). After a failed statement the rest of its round is not executed.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/error.hpp"
#include "gantry/uuid.hpp"

struct pg_conn;
struct pg_result;

namespace gantry::log {

// Parameters of one statement, in PostgreSQL's binary form.
class PgValues {
 public:
  PgValues& add(int64_t number);
  PgValues& add(std::string_view text);  // text or bytea
  PgValues& add(const Uuid& id);
  PgValues& add_null();

  // One-dimensional arrays.
  PgValues& add(const std::vector<int64_t>& numbers);               // bigint[]
  PgValues& add(const std::vector<std::string_view>& texts);        // text[]
  PgValues& add(const std::vector<Uuid>& ids);                      // uuid[]
  PgValues& add_bytea(const std::vector<std::string_view>& blobs);  // bytea[]

  void clear();

 private:
  friend class PgLink;
  void open();
  void close();
  void put32(uint32_t number);
  void put64(uint64_t number);
  void put(std::string_view bytes) { bytes_.append(bytes); }
  void put_array_head(uint32_t element_oid, size_t count);
  void put_element(std::string_view bytes);

  std::string bytes_;
  std::vector<std::pair<size_t, int>> spans_;  // offset and length; length -1: NULL
};

// The rows of one statement.
class PgRows {
 public:
  explicit PgRows(pg_result* raw) : raw_(raw) {}
  int count() const;
  int64_t changed() const;                           // of INSERT, UPDATE, DELETE
  std::string_view text(int row, int column) const;  // bytes of text or bytea
  int64_t integer(int row, int column) const;        // smallint, integer, bigint
  Uuid uuid(int row, int column) const;
  std::string_view tag() const;  // "COMMIT", "INSERT 0 1"

 private:
  struct Clear {
    void operator()(pg_result* raw) const noexcept;
  };
  std::unique_ptr<pg_result, Clear> raw_;
};

struct PgStatement {
  const char* name;
  const char* sql;
};

class PgLink {
 public:
  // Connects and prepares.  throws Unavailable (the server is away), Invalid (a statement is wrong)
  PgLink(const std::string& conninfo, const std::vector<PgStatement>& statements,
         std::chrono::milliseconds answer_max);
  ~PgLink();
  PgLink(const PgLink&) = delete;
  PgLink& operator=(const PgLink&) = delete;

  // All throw Unavailable when the connection breaks or no answer comes for answer_max; then
  // sound() is false for good. take() also throws what the statement met with: Conflict, Invalid,
  // Unavailable …, after it has taken the rest of the round; round_over() must not be called then.
  void send(const char* statement, const PgValues& values = {});
  void end_round();
  void push();  // what was sent so far leaves now
  PgRows take();
  void round_over();

  // A round of one statement.
  PgRows ask(const char* statement, const PgValues& values = {});

  bool sound() const { return sound_; }
  bool in_transaction() const;
  // Between rounds: nothing has come that was not asked for, such as the end of the session.
  bool silent() const;
  int socket() const;
  int backend() const;  // the server's process of this connection
  // Whether a notification of another process than `own` has come since the last call; reads what
  // has arrived, never waits.
  bool notified(int own);

 private:
  pg_result* next_result();
  void wait_readable();
  void flush();
  [[noreturn]] void broken(std::string_view doing);
  [[noreturn]] void fail(pg_result* result);

  struct Close {
    void operator()(pg_conn* connection) const noexcept;
  };
  std::unique_ptr<pg_conn, Close> connection_;
  std::chrono::milliseconds answer_max_;
  bool sound_ = true;
};

}  // namespace gantry::log
