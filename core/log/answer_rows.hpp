// log::AnswerRows: rows of es_answer through one connection: what was answered to a request with an
// Idempotency-Key.
#pragma once
#include <optional>
#include <string_view>

#include "core/log/store.hpp"
#include "core/sql/sqlite_statement.hpp"

namespace gantry::log {

class AnswerRows {
 public:
  explicit AnswerRows(sqlite3* db);

  // Null when there is none or it has expired.
  std::optional<StoredAnswer> find(std::string_view scope, Instant now);

  // Whose it is; null when there is none or it has expired.
  std::optional<AnswerOwner> owner(std::string_view scope, Instant now);

  // Replaces what is there.
  void store(const AnswerChange& change);

  // Deletes expired ones, at most `max`; returns how many.
  uint32_t sweep(Instant now, uint32_t max);

 private:
  sqlite3* db_;
  sql::SqliteStatement find_, owner_, store_, sweep_;
};

}  // namespace gantry::log
