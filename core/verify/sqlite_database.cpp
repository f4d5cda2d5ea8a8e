// The raw tables in a SQLite file.
#include <sqlite3.h>

#include <map>

#include "core/verify/database.hpp"

namespace gantry::verify {
namespace {

constexpr int kBusyTimeoutMs = 30'000;

using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

[[noreturn]] void fail(sqlite3* db, const std::string& what) {
  throw CannotRead(what + ": " + sqlite3_errmsg(db));
}

void bind(sqlite3_stmt* statement, const std::vector<Parameter>& parameters) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    if (const auto* number = std::get_if<int64_t>(&parameters[i])) {
      sqlite3_bind_int64(statement, at, *number);
    } else if (const auto* id = std::get_if<Uuid>(&parameters[i])) {
      sqlite3_bind_blob(statement, at, id->bytes.data(), 16, SQLITE_TRANSIENT);
    } else {
      const auto& text = std::get<std::string>(parameters[i]);
      sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()),
                        SQLITE_TRANSIENT);
    }
  }
}

class SqliteCursor final : public Cursor {
 public:
  // `kept`: the statement belongs to the database and is reset here.
  SqliteCursor(sqlite3* db, sqlite3_stmt* statement, bool kept)
      : db_(db), statement_(statement), kept_(kept) {}
  ~SqliteCursor() override {
    if (kept_)
      sqlite3_reset(statement_);
    else
      sqlite3_finalize(statement_);
  }
  bool next() override {
    const int rc = sqlite3_step(statement_);
    if (rc == SQLITE_ROW) return true;
    if (rc != SQLITE_DONE) fail(db_, "cannot read on");
    return false;
  }
  bool is_null(int column) override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  int64_t integer(int column) override { return sqlite3_column_int64(statement_, column); }
  std::string_view bytes(int column) override {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {data, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3* db_;
  sqlite3_stmt* statement_;
  bool kept_;
};

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(const std::string& file) : file_(file), db_(nullptr, &sqlite3_close) {
    sqlite3* db = nullptr;
    const int rc = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    db_.reset(db);
    if (rc != SQLITE_OK) fail(db, "cannot open " + file);
    sqlite3_busy_timeout(db, kBusyTimeoutMs);
    // The second statement takes the moment that all later ones see.
    if (sqlite3_exec(db, "BEGIN; SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr) !=
        SQLITE_OK) {
      fail(db, "cannot read " + file);
    }
  }
  ~SqliteDatabase() override { kept_.clear(); }

  std::unique_ptr<Cursor> query(const std::string& sql,
                                const std::vector<Parameter>& parameters) override {
    sqlite3_stmt* statement = prepare(sql);
    bind(statement, parameters);
    return std::make_unique<SqliteCursor>(db_.get(), statement, false);
  }
  std::unique_ptr<Cursor> look_up(const std::string& sql,
                                  const std::vector<Parameter>& parameters) override {
    auto at = kept_.find(sql);
    if (at == kept_.end())
      at = kept_.emplace(sql, Statement(prepare(sql), &sqlite3_finalize)).first;
    bind(at->second.get(), parameters);
    return std::make_unique<SqliteCursor>(db_.get(), at->second.get(), true);
  }
  bool has_table(const std::string& name) override {
    return look_up("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1", {name})
        ->next();
  }

  std::string where() override { return file_; }

 private:
  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
      fail(db_.get(), "cannot read the tables");
    return statement;
  }

  const std::string file_;
  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> db_;
  std::map<std::string, Statement> kept_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const std::string& file) {
  return std::make_unique<SqliteDatabase>(file);
}

}  // namespace gantry::verify
