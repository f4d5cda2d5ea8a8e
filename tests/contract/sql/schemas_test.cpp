// The tables of every owner are the same on both engines, read from migrations/ as they are.
#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "core/sql/migrations.hpp"
#include "tests/contract/sql/engine.hpp"

namespace gantry::sql::test {
namespace {

namespace fs = std::filesystem;

const fs::path kMigrations = fs::path(GANTRY_SOURCE_DIR) / "migrations";

// "table.column", with "!" when it may not be null
using Columns = std::set<std::string>;

std::vector<Migration> migrations_in(const std::string& owner, const fs::path& folder) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.insert(entry.path());
  std::vector<Migration> list;
  for (const auto& file : files) {
    const std::string name = file.stem().string();
    std::ostringstream sql;
    sql << std::ifstream(file).rdbuf();
    list.push_back({owner, static_cast<uint32_t>(std::stoi(name)), name.substr(5), sql.str()});
  }
  return list;
}

constexpr std::string_view kColumns[] = {
    "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type "
    "= 'table' AND m.name <> 'gantry_migration'",
    "SELECT CAST(table_name || '.' || column_name AS text) FROM information_schema.columns WHERE "
    "table_schema = 'public' AND table_name <> 'gantry_migration'"};

class Schemas : public OnEngine {
 protected:
  Columns columns_of(const std::string& owner) {
    const Lease writer = open().writer();
    migrate(*writer, owner, migrations_in(owner, kMigrations / owner / engine()));
    Columns found;
    writer->query(kColumns[engine() == "postgresql"], {}, [&](const Row& row) {
      found.emplace(std::get<std::string_view>(row[0]));
      return true;
    });
    return found;
  }
};

// Written down by the first engine, compared by the second.
TEST_P(Schemas, AreTheSameOnBothEngines) {
  static std::map<std::string, Columns> of_sqlite;
  for (const auto& owner : fs::directory_iterator(kMigrations)) {
    const std::string name = owner.path().filename().string();
    if (name == "core") continue;  // the log's own; its adapters share no text
    const Columns columns = columns_of(name);
    EXPECT_FALSE(columns.empty()) << name;
    if (engine() == "sqlite") {
      of_sqlite[name] = columns;
    } else if (of_sqlite.count(name) != 0) {
      Columns own;  // the owners of before share this database
      for (const auto& [other, theirs] : of_sqlite) own.insert(theirs.begin(), theirs.end());
      for (const auto& column : columns) EXPECT_TRUE(own.count(column) == 1) << column;
      for (const auto& column : of_sqlite[name]) EXPECT_TRUE(columns.count(column) == 1) << column;
    }
  }
}

GANTRY_ON_EVERY_ENGINE(Schemas);

}  // namespace
}  // namespace gantry::sql::test
