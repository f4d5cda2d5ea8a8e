#include "core/sql/sqlite_session.hpp"

#include <Poco/Data/SQLite/SessionImpl.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Exception.h>
#include <sqlite3.h>

#include "core/sql/sqlite_error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {
// Poco repeats a failing open for so long: 60 by default, for ever when 0.
constexpr size_t kOpenSeconds = 1;

Poco::Data::Session open(const std::string& file) {
  try {
    return Poco::Data::Session(new Poco::Data::SQLite::SessionImpl(file, kOpenSeconds));
  } catch (const Poco::Exception& e) {
    throw Error(Code::kUnavailable, join("open ", file, ": ", e.displayText()));
  }
}
}  // namespace

// A statement on loan from the kept ones, prepared if need be: goes back reset, whatever happens.
class SqliteSession::Loan {
 public:
  Loan(SqliteSession& session, std::string_view text)
      : session_(session), text_(text), statement_(take(session, text)) {}
  ~Loan() {
    statement_.reset();
    session_.kept_.keep(text_, std::move(statement_));
  }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  SqliteStatement* operator->() { return &statement_; }

 private:
  static SqliteStatement take(SqliteSession& session, std::string_view text) {
    if (auto kept = session.kept_.take(text)) return *std::move(kept);
    ++session.prepared_;
    return SqliteStatement(session.db_, text);
  }

  SqliteSession& session_;
  std::string_view text_;
  SqliteStatement statement_;
};

SqliteSession::SqliteSession(const std::string& file, const SqliteOptions& options)
    : poco_(open(file)),
      db_(Poco::Data::SQLite::Utility::dbHandle(poco_)),
      reads_only_(options.reads_only) {
  configure(db_, options);
}

SqliteSession::~SqliteSession() { clean_up(); }

int64_t SqliteSession::exec(std::string_view statement, const Values& values) {
  Loan loan(*this, statement);
  if (reads_only_ && !loan->reads_only()) {
    throw Error(Code::kInvalid, "this session only reads; take the writer");
  }
  loan->bind_all(values);
  const int64_t before = sqlite3_total_changes64(db_);
  while (loan->step()) {
  }
  // sqlite3_changes keeps its old value after a statement that changes no row, such as DDL.
  return sqlite3_total_changes64(db_) == before ? 0 : sqlite3_changes64(db_);
}

void SqliteSession::query(std::string_view statement, const Values& values,
                          const std::function<bool(const Row&)>& row, uint32_t rows_max) {
  Loan loan(*this, statement);
  if (reads_only_ && !loan->reads_only()) {
    throw Error(Code::kInvalid, "this session only reads; take the writer");
  }
  loan->bind_all(values);
  Row columns(static_cast<size_t>(loan->columns()));
  for (uint32_t rows = 0; (rows_max == 0 || rows < rows_max) && loan->step(); ++rows) {
    for (size_t i = 0; i < columns.size(); ++i) columns[i] = loan->value(static_cast<int>(i));
    if (!row(columns)) return;
  }
}

void SqliteSession::script(std::string_view statements) {
  if (sqlite3_exec(db_, std::string(statements).c_str(), nullptr, nullptr, nullptr) == SQLITE_OK)
    return;
  throw error_of(db_, sqlite3_extended_errcode(db_), "script");
}

void SqliteSession::begin() { exec(reads_only_ ? "BEGIN" : "BEGIN IMMEDIATE", {}); }

void SqliteSession::commit() { exec("COMMIT", {}); }

void SqliteSession::rollback() noexcept { clean_up(); }

bool SqliteSession::clean_up() noexcept {
  if (sqlite3_get_autocommit(db_) == 0) sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
  return sqlite3_get_autocommit(db_) != 0;
}

}  // namespace gantry::sql
