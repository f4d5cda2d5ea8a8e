#include "core/sql/pg_session.hpp"

#include "core/sql/pg_error.hpp"
#include "core/sql/pg_parameters.hpp"
#include "core/sql/pg_placeholders.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

constexpr const char* kBeginWriting = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
constexpr const char* kBeginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr const char* kOnlyReads = "this session only reads; take the writer";

// Two numbers that nobody else locks ("gant", "migr"). A migration may take long: whoever comes
// second waits for a minute, not for lock_timeout only.
constexpr const char* kLockMigrations =
    "SET statement_timeout = 0; SET lock_timeout = 60000;"
    "SELECT pg_advisory_lock(1734438516, 1835624306); RESET lock_timeout";
constexpr const char* kUnlockMigrations =
    "SELECT pg_advisory_unlock(1734438516, 1835624306); RESET statement_timeout";

}  // namespace

PgSession::PgSession(const std::string& conninfo, bool reads_only)
    : connection_(conninfo), pg_(connection_.handle()), reads_only_(reads_only) {}

int64_t PgSession::exec(std::string_view statement, const Values& values) {
  return run(statement, values).changed();
}

void PgSession::query(std::string_view statement, const Values& values,
                      const std::function<bool(const Row&)>& row, uint32_t rows_max) {
  PgResult result = run(statement, values);
  const uint32_t rows = static_cast<uint32_t>(result.rows());
  for (uint32_t i = 0; i < rows && (rows_max == 0 || i < rows_max); ++i) {
    if (!row(result.row(static_cast<int>(i)))) return;
  }
}

Instant PgSession::now(const base::Clock&) {
  Instant now;
  query(
      "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint", {},
      [&](const Row& row) {
        now = Instant(std::get<int64_t>(row[0]));
        return true;
      },
      1);
  return now;
}

PgResult PgSession::run(std::string_view text, const Values& values) {
  auto kept = kept_.take(text);
  const bool was_kept = kept.has_value();
  Statement statement = was_kept ? *std::move(kept) : prepare(text);
  std::optional<PgResult> result;
  try {
    const PgParameters parameters(statement.only_null_counts, values);
    result.emplace(PQexecPrepared(pg_, statement.name.c_str(), parameters.count(),
                                  parameters.values(), parameters.lengths(), parameters.formats(),
                                  0));
  } catch (const Error&) {
    keep(text, std::move(statement));
    throw;
  }
  // The tables were changed by another process after this was prepared ("cached plan must not
  // change result type"); prepared anew it works.
  if (was_kept && result->sqlstate() == "0A000") {
    kept_.forget(text);
    stale_.push_back(std::move(statement.name));
    throw Error(Code::kUnavailable, "execute: the tables have changed meanwhile; try again");
  }
  keep(text, std::move(statement));
  if (result->is_good()) return *std::move(result);
  fail(*result, "execute");
}

PgSession::Statement PgSession::prepare(std::string_view text) {
  deallocate_stale();
  PgText translated = with_numbered_parameters(text);
  Statement statement{join("s", ++prepared_), std::move(translated.only_null_counts)};
  const PgResult result(PQprepare(pg_, statement.name.c_str(), translated.sql.c_str(), 0, nullptr));
  if (!result.is_good()) fail(result, "prepare");
  return statement;
}

void PgSession::keep(std::string_view text, Statement statement) {
  if (auto gone = kept_.keep(text, std::move(statement))) stale_.push_back(std::move(gone->name));
}

// An aborted transaction takes no commands; then they wait.
void PgSession::deallocate_stale() {
  while (!stale_.empty() && PQtransactionStatus(pg_) != PQTRANS_INERROR) {
    command(join("DEALLOCATE ", stale_.back()).c_str(), "deallocate");
    stale_.pop_back();
  }
}

void PgSession::script(std::string_view statements) {
  command(std::string(statements).c_str(), "script");
}

void PgSession::begin() {
  if (PQtransactionStatus(pg_) == PQTRANS_INTRANS || PQtransactionStatus(pg_) == PQTRANS_INERROR)
    throw Error(Code::kInvalid, "a transaction is open already");
  command(reads_only_ ? kBeginReading : kBeginWriting, "begin");
}

void PgSession::commit() {
  if (PQtransactionStatus(pg_) == PQTRANS_IDLE)
    throw Error(Code::kInvalid, "no transaction is open");
  // COMMIT of an aborted transaction rolls back and is called a success.
  if (command("COMMIT", "commit").tag() == "ROLLBACK") {
    throw Error(Code::kInvalid,
                "commit: a statement of this transaction failed, so nothing of it is kept");
  }
}

void PgSession::rollback() noexcept {
  if (PQtransactionStatus(pg_) != PQTRANS_IDLE) PgResult(PQexec(pg_, "ROLLBACK"));
  if (PQtransactionStatus(pg_) != PQTRANS_IDLE) broken_ = true;
}

void PgSession::begin_migrations() { command(kLockMigrations, "wait for other migrations"); }

void PgSession::end_migrations() noexcept {
  // When it cannot be given back it ends with the connection.
  if (!PgResult(PQexec(pg_, kUnlockMigrations)).is_good()) broken_ = true;
}

bool PgSession::clean_up() noexcept {
  rollback();
  return !broken_ && PQstatus(pg_) == CONNECTION_OK;
}

PgResult PgSession::command(const char* text, std::string_view doing) {
  PgResult result(PQexec(pg_, text));
  if (!result.is_good()) fail(result, doing);
  return result;
}

void PgSession::fail(const PgResult& result, std::string_view doing) {
  switch (result.status()) {
    case PGRES_EMPTY_QUERY:
      throw Error(Code::kInvalid, "the statement is empty");
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
      broken_ = true;  // the connection speaks another protocol now
      throw Error(Code::kInvalid, join(doing, ": COPY is not for sessions"));
    default:
      break;
  }
  if (result.sqlstate().empty()) broken_ = true;
  if (result.sqlstate() == "25006") {
    if (reads_only_) throw Error(Code::kInvalid, kOnlyReads);
    broken_ = true;  // this server is no primary any more; another connection may find it
  }
  throw error_of(pg_, result.get(), doing);
}

}  // namespace gantry::sql
