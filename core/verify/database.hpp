// Database: read-only access to the raw tables, the same for SQLite and PostgreSQL. A connection
// sees one moment of the database for as long as it lives.
#pragma once
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/verify/uuid.hpp"

namespace gantry::verify {

// The database cannot be read; the program ends with exit code 2.
class CannotRead : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The rows of one query; a column is valid until next().
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual bool next() = 0;
  virtual bool is_null(int column) = 0;
  virtual int64_t integer(int column) = 0;
  virtual std::string_view bytes(int column) = 0;  // of a text, a blob, or the 16 of a uuid
  Uuid uuid(int column) { return Uuid::from_bytes(bytes(column)).value_or(Uuid()); }
};

using Parameter = std::variant<int64_t, Uuid, std::string>;

class Database {
 public:
  virtual ~Database() = default;
  // Parameters are $1, $2 … in their order.  throws CannotRead
  virtual std::unique_ptr<Cursor> query(const std::string& sql,
                                        const std::vector<Parameter>& parameters = {}) = 0;
  // The same for one short answer, quick when asked again and again.
  virtual std::unique_ptr<Cursor> look_up(const std::string& sql,
                                          const std::vector<Parameter>& parameters) = 0;
  virtual bool has_table(const std::string& name) = 0;
  virtual std::string where() = 0;  // for people; without secrets
};

// "sqlite:<file>" or "postgresql://…".  throws CannotRead
std::unique_ptr<Database> open_database(const std::string& url);
std::unique_ptr<Database> open_sqlite(const std::string& file);     // sqlite_database.cpp
std::unique_ptr<Database> open_postgresql(const std::string& url);  // pg_database.cpp

}  // namespace gantry::verify
