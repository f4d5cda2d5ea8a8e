#include <libpq-fe.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "tests/support/postgres.hpp"
#include "tests/unit/verify/books.hpp"

namespace gantry::verify {
namespace {

// The tables as the server makes them.
void migrate(Engine& engine, const std::string& dialect) {
  for (const std::string owner :
       {"core", "checkpoint", "events", "reservations", "payments", "payments_simulator"}) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(
             std::string(GANTRY_SOURCE_DIR) + "/migrations/" + owner + "/" + dialect)) {
      files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      std::ostringstream text;
      text << std::ifstream(file).rdbuf();
      engine.run(text.str());
    }
  }
}

class SqliteEngine final : public Engine {
 public:
  SqliteEngine() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gantry-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    sqlite3_open((folder_ + "/books.db").c_str(), &db_);
    run("PRAGMA synchronous = OFF");
    migrate(*this, "sqlite");
  }
  ~SqliteEngine() override {
    sqlite3_close(db_);
    std::filesystem::remove_all(folder_);
  }
  void run(const std::string& sql) override {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(db_) + (": " + sql));
  }
  std::string url() const override { return "sqlite:" + folder_ + "/books.db"; }
  std::string literal(const Uuid& id) const override {
    std::string hex = id.text();
    hex.erase(std::remove(hex.begin(), hex.end(), '-'), hex.end());
    return "X'" + hex + "'";
  }
  std::string bytes(const Uuid& id) const override { return literal(id); }

 private:
  std::string folder_;
  sqlite3* db_ = nullptr;
};

class PostgresqlEngine final : public Engine {
 public:
  PostgresqlEngine() : url_(tests::postgres().fresh_database()) {
    connection_ = PQconnectdb(url_.c_str());
    migrate(*this, "postgresql");
  }
  ~PostgresqlEngine() override {
    PQfinish(connection_);
    tests::postgres().drop_database(url_);
  }
  void run(const std::string& sql) override {
    PGresult* result = PQexec(connection_, sql.c_str());
    const ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      throw std::runtime_error(PQerrorMessage(connection_) + sql);
  }
  std::string url() const override { return url_; }
  std::string literal(const Uuid& id) const override { return "'" + id.text() + "'::uuid"; }
  std::string bytes(const Uuid& id) const override { return "uuid_send(" + literal(id) + ")"; }

 private:
  std::string url_;
  PGconn* connection_;
};

}  // namespace

std::unique_ptr<Engine> sqlite_engine() { return std::make_unique<SqliteEngine>(); }
std::unique_ptr<Engine> postgresql_engine() { return std::make_unique<PostgresqlEngine>(); }

}  // namespace gantry::verify
