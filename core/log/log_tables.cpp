#include "core/log/log_tables.hpp"

#include "core/sql/migrations.hpp"
#include "core_migrations.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

// Asked in a way that needs no table of the engine's own.
void expect_log(sql::Session& session, const std::string& where) {
  try {
    name_of_log(session);
  } catch (const Error& error) {
    if (error.code() != Code::kInvalid) throw;
    throw Error(Code::kInvalid,
                join("there is no event log in ", where, " (", error.detail(), ")"));
  }
}

void expect_current(sql::Session& session, const std::vector<sql::Migration>& migrations,
                    const std::string& where) {
  if (sql::applied_of(session, "core", migrations) == migrations.size()) return;
  throw Error(Code::kInvalid, join("the event log in ", where,
                                   " is of an older version; start this version's server on it "
                                   "once, which brings it up to date, and stop it again"));
}

}  // namespace

std::unique_ptr<sql::Database> open_tables(sql::DatabaseOptions options, Use use) {
  options.as_it_is = use == Use::kCopyFrom;
  auto database = sql::open_database(options);
  const auto migrations =
      sql::embedded_migrations("core", core_migrations::kEngines, database->engine());
  if (use == Use::kCopyFrom) {
    expect_log(*database->reader(), database->where());
    expect_current(*database->reader(), migrations, database->where());
  } else {
    sql::migrate(*database->writer(), "core", migrations);
  }
  return database;
}

std::string name_of_log(sql::Session& session) {
  std::string name;
  session.query("SELECT name FROM es_log WHERE log_id = 0", {}, [&](const sql::Row& row) {
    name = std::get<std::string_view>(row[0]);
    return true;
  });
  return name;
}

void name_log(sql::Session& session, std::string_view name) {
  session.exec("UPDATE es_log SET name = ? WHERE log_id = 0", {name});
}

void refuse_unfinished(std::string_view name) {
  if (name != kUnfinished) return;
  throw Error(Code::kUnavailable,
              "a copy into this event log was not finished; run gantry log copy again, which goes "
              "on where it stopped, or choose another database");
}

}  // namespace gantry::log
