#include "core/log/copy_tables.hpp"

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "core/log/page_size.hpp"
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
  const char* only = "1 = 1";
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
       "version = 0"},
  };
  return list;
}

void add(std::string& list, std::string_view one) { list += join(list.empty() ? "" : ", ", one); }

// The rows behind a key, or the first ones.
std::string select(const Table& table, const std::string& engine, bool behind) {
  std::string columns, keys, marks;
  for (const Column& column : table.columns) {
    add(columns, column.part == Part::kUuid && engine == "postgresql"
                     ? join("uuid_send(", column.name, ")")
                     : std::string(column.name));
    if (column.part != Part::kKey) continue;
    add(keys, column.name);
    add(marks, "?");
  }
  return join("SELECT ", columns, " FROM ", table.name, " WHERE ", table.only,
              behind ? join(" AND (", keys, ") > (", marks, ")") : std::string(), " ORDER BY ",
              keys, " LIMIT ?");
}

std::string put(const Table& table) {
  std::string names, marks, keys, changes;
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

// What goes wrong in it says at which of the two logs.
template <class F>
void at(std::string_view which, F f) {
  try {
    f();
  } catch (const Error& error) {
    throw Error(error.code(), join(which, error.detail()));
  }
}

// Rows that outlive their query.
class Page {
 public:
  void add(const sql::Row& row) {
    sql::Values kept = row;
    for (sql::Value& value : kept) {
      if (auto* text = std::get_if<std::string_view>(&value)) *text = keep(*text);
      if (auto* blob = std::get_if<sql::Blob>(&value)) blob->bytes = keep(blob->bytes);
    }
    rows_.push_back(std::move(kept));
  }
  const std::vector<sql::Values>& rows() const { return rows_; }
  uint64_t bytes() const { return bytes_; }

 private:
  std::string_view keep(std::string_view bytes) {
    bytes_ += bytes.size();
    return texts_.emplace_back(bytes);
  }
  std::deque<std::string> texts_;  // what the rows point to
  std::vector<sql::Values> rows_;
  uint64_t bytes_ = 0;
};

sql::Values key_of(const Table& table, const sql::Values& row) {
  sql::Values key;
  for (size_t i = 0; i < table.columns.size(); ++i)
    if (table.columns[i].part == Part::kKey) key.push_back(row[i]);
  return key;
}

// Rows and time of one statement, and of one transaction, are bounded, however long the table is.
void copy_table(sql::Database& from, sql::Database& to, const Table& table,
                const std::function<void(uint64_t)>& copied) {
  const std::string engine = from.engine(), statement = put(table);
  PageSize size;
  for (Page last;;) {
    Page page;
    at("the old log: ", [&] {
      const bool behind = !last.rows().empty();
      sql::Values values = behind ? key_of(table, last.rows().back()) : sql::Values{};
      values.emplace_back(int64_t{size.rows()});
      from.reader()->query(select(table, engine, behind), values, [&](const sql::Row& row) {
        page.add(row);
        return true;
      });
    });
    if (page.rows().empty()) return;
    at("the new log: ", [&] {
      const auto target = to.writer();
      sql::Transaction transaction(*target);
      for (const sql::Values& row : page.rows()) target->exec(statement, row);
      transaction.commit();
    });
    size.was(page.rows().size(), page.bytes());
    copied(page.rows().size());
    last = std::move(page);
  }
}

}  // namespace

uint64_t copy_tables(sql::Database& from, sql::Database& to,
                     const std::function<void(uint64_t)>& told) {
  sql::migrate(*to.writer(), "checkpoint", sql::checkpoint_migrations(to.engine()));
  const bool checkpoints =
      sql::applied_of(*from.reader(), "checkpoint", sql::checkpoint_migrations(from.engine())) > 0;
  uint64_t rows = 0;
  for (const Table& table : tables()) {
    if (!checkpoints && table.name == kCheckpoints) continue;
    copy_table(from, to, table, [&](uint64_t more) { told(rows += more); });
  }
  return rows;
}

}  // namespace gantry::log
