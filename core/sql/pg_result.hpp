// sql::PgResult: one answer of the server, whole, and its rows as values.
#pragma once
#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/sql/session.hpp"

namespace gantry::sql {

class PgResult {
 public:
  explicit PgResult(PGresult* result) : result_(result) {}  // null: libpq had none to give

  const PGresult* get() const { return result_.get(); }
  ExecStatusType status() const { return PQresultStatus(result_.get()); }
  // The statement was run to its end.
  bool is_good() const { return status() == PGRES_COMMAND_OK || status() == PGRES_TUPLES_OK; }
  std::string_view sqlstate() const;
  // "INSERT 0 1"
  std::string_view tag() const;

  // Rows that INSERT, UPDATE, DELETE or MERGE changed; 0 for all else.
  int64_t changed() const;

  int rows() const { return PQntuples(result_.get()); }
  // The row's columns by the types of the answer: int2/4/8, oid and bool are integers, float4/8
  // reals, numeric an integer when nothing follows the point, else a real; bytea a blob, all else
  // text. Valid until the next call.
  const Row& row(int index);
  // The same of all rows, one after the other.
  const std::vector<Value>& cells();
  int columns() const { return PQnfields(result_.get()); }

 private:
  Value value(int row, int column, size_t place);
  Blob blob(std::string_view hex, size_t place);

  struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
  Row row_;
  std::vector<std::string> blobs_;  // by place in row_; bytes of those that are blobs
};

}  // namespace gantry::sql
