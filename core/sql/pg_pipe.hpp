// sql::PgPipe: one open PostgreSQL connection on which many statements are under way at once, in
// libpq's pipeline mode and without ever blocking. Nothing is read twice and nothing is lost: an
// ask that was put in comes out answered, or in unfinished().
//
// Asks go out in groups with one Sync at the end, which is one write and one read for many of them.
// In a group an error makes the server skip all that follows up to the Sync; those come out of
// repeats() and go out again, each in a group of its own.
#pragma once
#include <libpq-fe.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/sql/ask.hpp"
#include "core/sql/kept_statements.hpp"
#include "core/sql/pg_connection.hpp"
#include "core/sql/pg_result.hpp"

namespace gantry::sql {

class PgPipe {
 public:
  static constexpr uint32_t kSentMax = 3;  // times that one ask is sent

  //   throws  Unavailable  libpq has no memory
  explicit PgPipe(std::unique_ptr<PgConnection> connection);

  int socket() const { return PQsocket(pg_); }
  size_t outstanding() const { return outstanding_; }

  // Puts a statement into the current group; answers it at once when its values cannot be sent.
  void put(AskPtr ask);
  // Ends the group.
  void sync();

  // False, of these and after sync(): the connection is lost; why() says how.
  bool is_good() const { return good_; }
  // True: everything is with the kernel. False: go on when the socket takes more.
  bool flush();
  // Takes what has come and answers those that it belongs to.
  void receive();

  std::string why() const;

  // Asks that the server skipped.
  std::vector<AskPtr> repeats() { return std::exchange(repeats_, {}); }
  int64_t first_due_ns() const;  // of those outstanding; without one the end of time
  // Everything under way, in order; the pipe is of no use then.
  std::vector<AskPtr> unfinished();

 private:
  enum class Kind : uint8_t { kPrepare, kRun, kDeallocate, kSync };
  struct Sent {
    Kind kind;
    AskPtr ask = {};        // kRun
    std::string name = {};  // of the prepared statement
    std::string text = {};  // kPrepare
    bool has_result = false;
    std::shared_ptr<const Error> not_prepared = {};  // kRun: why; owners: all that need it
  };
  struct Statement {
    std::string name;
    std::vector<bool> only_null_counts;
  };

  Statement prepare(std::string_view text);
  void keep(std::string_view text, Statement statement);
  bool forget(std::string_view text, std::string_view name);
  void deallocate_stale();
  void sent(Sent one, int ok);
  void receive_some();
  void take(PgResult result);
  void prepared(const Sent& front, const PgResult& result);
  void ran(Sent& front, PgResult& result);
  AskPtr out_of(Sent& front);
  void answer(Sent& front, PgResult& result);
  void repeat(Sent& front, std::string_view why);

  std::unique_ptr<PgConnection> connection_;
  PGconn* pg_;
  bool good_ = true;
  std::deque<Sent> sent_;
  size_t outstanding_ = 0;  // asks in sent_
  KeptStatements<Statement> kept_;
  std::vector<std::string> stale_;  // prepared, not kept any more
  uint64_t names_ = 0;
  std::vector<AskPtr> repeats_;
};

}  // namespace gantry::sql
