// sql::KeptStatements: the prepared statements of one session by their text, bounded; the one not
// used for longest goes first.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/sql/sqlite_statement.hpp"

namespace gantry::sql {

class KeptStatements {
 public:
  explicit KeptStatements(sqlite3* db) : db_(db) {}

  // Takes the statement out, preparing it if need be: while it runs, a callback that runs the same
  // text on the same session gets its own.
  SqliteStatement take(std::string_view text);
  void keep(std::string_view text, SqliteStatement statement);

  uint64_t prepared() const { return prepared_; }

 private:
  static constexpr size_t kKeptMax = 256;
  struct Kept {
    SqliteStatement statement;
    uint64_t used;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  sqlite3* db_;
  std::unordered_map<std::string, Kept, Hash, std::equal_to<>> kept_;
  uint64_t uses_ = 0;
  uint64_t prepared_ = 0;
};

}  // namespace gantry::sql
