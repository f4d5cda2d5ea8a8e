// log::AnswerRows: rows of es_answer through one connection: what was answered to a request with an
// Idempotency-Key.
#pragma once
#include <optional>
#include <string_view>

#include "core/log/log.hpp"
#include "core/sql/sqlite_statement.hpp"

namespace gantry::log {

class AnswerRows {
 public:
  explicit AnswerRows(sqlite3* db);

  // Null when there is none or it has expired.
  std::optional<StoredAnswer> find(std::string_view scope, Instant now);

  // Whether `answer` may be stored: nobody else's live answer is there.
  bool allows(const StoredAnswer& answer, Instant now);

  // Replaces what is there, except that a given answer (status not 0) of the same command stays:
  // the client may have seen it. Only after allows().
  //   position  last one of the unit; 0 keeps that of the begun record
  void store(const StoredAnswer& answer, Position position, Instant now);

  // Deletes expired ones, at most `max`; returns how many.
  uint32_t sweep(Instant now, uint32_t max);

 private:
  struct Owner {
    Uuid command;
    int status = 0;
    Position position = 0;
  };
  std::optional<Owner> owner(std::string_view scope, Instant now);

  sqlite3* db_;
  sql::SqliteStatement find_, owner_, store_, sweep_;
};

}  // namespace gantry::log
