// The raw tables in PostgreSQL: one repeatable-read transaction, cursors fetched in pages, columns
// in the binary format.
#include <libpq-fe.h>

#include <map>

#include "core/verify/database.hpp"

namespace gantry::verify {
namespace {

constexpr int kPageRows = 2000;
constexpr unsigned kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kUuid = 2950;  // type oids
constexpr int kBinary = 1;

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

// The parameters of one call as libpq wants them.
class Arguments {
 public:
  explicit Arguments(const std::vector<Parameter>& parameters) {
    raw_.reserve(parameters.size());
    for (const Parameter& parameter : parameters) add(parameter);
    for (const std::string& one : raw_) {
      values_.push_back(one.data());
      lengths_.push_back(static_cast<int>(one.size()));
      formats_.push_back(kBinary);
    }
  }
  int count() const { return static_cast<int>(values_.size()); }
  const unsigned* types() const { return types_.data(); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add(const Parameter& parameter) {
    if (const auto* number = std::get_if<int64_t>(&parameter)) {
      std::string bytes(8, '\0');
      for (int i = 0; i < 8; ++i)
        bytes[static_cast<size_t>(i)] =
            static_cast<char>(static_cast<uint64_t>(*number) >> (56 - 8 * i));
      raw_.push_back(std::move(bytes));
      types_.push_back(kInt8);
    } else if (const auto* id = std::get_if<Uuid>(&parameter)) {
      raw_.emplace_back(id->raw());
      types_.push_back(kUuid);
    } else {
      raw_.push_back(std::get<std::string>(parameter));
      types_.push_back(kText);
    }
  }
  std::vector<std::string> raw_;
  std::vector<unsigned> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_, formats_;
};

Result checked(PGconn* connection, PGresult* raw) {
  Result result(raw, &PQclear);
  const ExecStatusType status = PQresultStatus(raw);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw CannotRead(std::string("cannot read: ") + PQerrorMessage(connection));
  return result;
}

Result run(PGconn* connection, const std::string& sql, const Arguments& arguments) {
  return checked(connection, PQexecParams(connection, sql.c_str(), arguments.count(),
                                          arguments.types(), arguments.values(),
                                          arguments.lengths(), arguments.formats(), kBinary));
}

// Rows of one result, or, with a cursor's name, of all its pages.
class PgCursor final : public Cursor {
 public:
  PgCursor(PGconn* connection, Result first, std::string name)
      : connection_(connection), page_(std::move(first)), name_(std::move(name)) {}
  ~PgCursor() override {
    if (!name_.empty()) PQclear(PQexec(connection_, ("CLOSE " + name_).c_str()));
  }
  bool next() override {
    if (++row_ < PQntuples(page_.get())) return true;
    if (name_.empty()) return false;
    page_ =
        run(connection_, "FETCH " + std::to_string(kPageRows) + " FROM " + name_, Arguments({}));
    row_ = 0;
    return PQntuples(page_.get()) > 0;
  }
  bool is_null(int column) override { return PQgetisnull(page_.get(), row_, column) == 1; }
  int64_t integer(int column) override {
    const std::string_view raw = bytes(column);
    const unsigned type = PQftype(page_.get(), column);
    if (raw.empty() || (type != kInt8 && type != kInt4 && type != kInt2)) return 0;
    // Big-endian, and the first byte has the sign.
    auto value = static_cast<uint64_t>(static_cast<int64_t>(static_cast<signed char>(raw[0])));
    for (size_t i = 1; i < raw.size(); ++i) value = value << 8 | static_cast<unsigned char>(raw[i]);
    return static_cast<int64_t>(value);
  }
  std::string_view bytes(int column) override {
    return {PQgetvalue(page_.get(), row_, column),
            static_cast<size_t>(PQgetlength(page_.get(), row_, column))};
  }

 private:
  PGconn* connection_;
  Result page_;
  std::string name_;
  int row_ = -1;
};

class PgDatabase final : public Database {
 public:
  explicit PgDatabase(const std::string& url) : connection_(PQconnectdb(url.c_str()), &PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK)
      throw CannotRead(std::string("cannot connect: ") + PQerrorMessage(connection_.get()));
    // Rows in the order of an index, not sorted first: a cursor is read to its end, page by page.
    for (const char* sql :
         {"SET client_encoding = 'UTF8'", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
          "SET LOCAL cursor_tuple_fraction = 0.0001", "SET LOCAL statement_timeout = 0",
          "SET LOCAL idle_in_transaction_session_timeout = 0", "SELECT 1 FROM pg_class LIMIT 1"}) {
      checked(connection_.get(), PQexec(connection_.get(), sql));
    }
  }

  std::unique_ptr<Cursor> query(const std::string& sql,
                                const std::vector<Parameter>& parameters) override {
    std::string name = "rows" + std::to_string(++cursors_);
    Result declared = run(connection_.get(), "DECLARE " + name + " NO SCROLL CURSOR FOR " + sql,
                          Arguments(parameters));
    return std::make_unique<PgCursor>(connection_.get(), std::move(declared), std::move(name));
  }
  std::unique_ptr<Cursor> look_up(const std::string& sql,
                                  const std::vector<Parameter>& parameters) override {
    const Arguments arguments(parameters);
    auto at = prepared_.find(sql);
    if (at == prepared_.end()) {
      const std::string name = "look_up" + std::to_string(prepared_.size());
      checked(connection_.get(), PQprepare(connection_.get(), name.c_str(), sql.c_str(),
                                           arguments.count(), arguments.types()));
      at = prepared_.emplace(sql, name).first;
    }
    Result found = checked(
        connection_.get(),
        PQexecPrepared(connection_.get(), at->second.c_str(), arguments.count(), arguments.values(),
                       arguments.lengths(), arguments.formats(), kBinary));
    return std::make_unique<PgCursor>(connection_.get(), std::move(found), std::string());
  }
  bool has_table(const std::string& name) override {
    return look_up("SELECT 1 WHERE to_regclass($1) IS NOT NULL", {name})->next();
  }

  std::string where() override {
    return std::string("the database ") + PQdb(connection_.get()) + " on " +
           PQhost(connection_.get());
  }

 private:
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
  std::map<std::string, std::string> prepared_;
  uint64_t cursors_ = 0;
};

}  // namespace

std::unique_ptr<Database> open_postgresql(const std::string& url) {
  return std::make_unique<PgDatabase>(url);
}

}  // namespace gantry::verify
