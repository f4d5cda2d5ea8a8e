#include "core/log/copy_tables.hpp"

#include <cstring>
#include <string>
#include <vector>

#include "core/sql/checkpoint.hpp"
#include "core/sql/migrations.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

constexpr std::string_view kCheckpoints = "es_checkpoint";  // made by the server, not by the log

enum class Part : uint8_t { kKey, kValue, kUuid };  // kUuid: BLOB(16) in SQLite, uuid in PostgreSQL
struct Column {
  const char* name;
  Part part = Part::kValue;
};
struct Table {
  std::string_view name;
  std::vector<Column> columns;
  const char* only = "";
};

// In the order in which rows may refer to each other.
const std::vector<Table>& tables() {
  static const std::vector<Table> list = {
      {"es_event_type", {{"name", Part::kKey}, {"current_version"}}},
      {"es_schema",
       {{"name", Part::kKey}, {"version", Part::kKey}, {"schema"}, {"sha256"}, {"registered_at"}}},
      {"es_timer",
       {{"stream", Part::kKey},
        {"key", Part::kKey},
        {"revision"},
        {"due_at"},
        {"payload"},
        {"status"},
        {"command", Part::kUuid}}},
      {"es_answer",
       {{"scope", Part::kKey},
        {"fingerprint"},
        {"command", Part::kUuid},
        {"status"},
        {"headers"},
        {"body"},
        {"position"},
        {"expires_at"}}},
      {"es_snapshot", {{"stream", Part::kKey}, {"schema_version"}, {"version"}, {"data"}}},
      {kCheckpoints,
       {{"consumer", Part::kKey},
        {"version", Part::kKey},
        {"position"},
        {"event_id"},
        {"updated_at"}},
       // Of processes. A projection's stands with its rows, and these are not copied.
       " WHERE version = 0"},
  };
  return list;
}

std::string select(const Table& table, const std::string& engine) {
  std::string text = "SELECT ";
  for (const Column& column : table.columns) {
    if (&column != &table.columns.front()) text += ", ";
    text += column.part == Part::kUuid && engine == "postgresql"
                ? join("uuid_send(", column.name, ")")
                : std::string(column.name);
  }
  return join(text, " FROM ", table.name, table.only);
}

std::string put(const Table& table) {
  std::string names, marks, keys, changes;
  const auto add = [](std::string& list, const std::string& one) {
    list += join(list.empty() ? "" : ", ", one);
  };
  for (const Column& column : table.columns) {
    add(names, column.name);
    add(marks, "?");
    if (column.part == Part::kKey)
      add(keys, column.name);
    else
      add(changes, join(column.name, " = excluded.", column.name));
  }
  return join("INSERT INTO ", table.name, " (", names, ") VALUES (", marks, ") ON CONFLICT (", keys,
              ") DO UPDATE SET ", changes);
}

uint64_t copy_table(sql::Database& from, sql::Database& to, const Table& table) {
  const auto source = from.reader(), target = to.writer();
  const std::string statement = put(table);
  uint64_t rows = 0;
  bool reads = false;  // at the moment: which of the two something goes wrong with
  try {
    sql::Transaction transaction(*target);
    reads = true;
    source->query(select(table, from.engine()), {}, [&](const sql::Row& row) {
      reads = false;
      target->exec(statement, row);
      ++rows;
      return reads = true;
    });
    reads = false;
    transaction.commit();
  } catch (const Error& error) {
    throw Error(error.code(), join(reads ? "the old log: " : "the new log: ", error.detail()));
  }
  return rows;
}

}  // namespace

uint64_t copy_tables(sql::Database& from, sql::Database& to) {
  sql::migrate(*to.writer(), "checkpoint", sql::checkpoint_migrations(to.engine()));
  const bool checkpoints =
      sql::applied_of(*from.reader(), "checkpoint", sql::checkpoint_migrations(from.engine())) > 0;
  uint64_t rows = 0;
  for (const Table& table : tables())
    if (checkpoints || table.name != kCheckpoints) rows += copy_table(from, to, table);
  return rows;
}

}  // namespace gantry::log
