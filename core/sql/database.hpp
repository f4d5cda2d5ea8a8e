// sql::Database: the bounded pool of sessions of one logical database ("events", "projections",
// "auth").
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/sql/asker.hpp"
#include "core/sql/pg_options.hpp"
#include "core/sql/session.hpp"

namespace gantry::sql {

struct DatabaseOptions {
  std::string name;  // logical name, for logs, metrics and errors
  std::string
      url;  // "sqlite:<file>", absolute or below data_dir; "postgresql://user@host/database"
  std::string data_dir;
  bool as_it_is = false;  // it must be there, and only its readers are used
  uint32_t readers_max = 4;
  uint32_t writers_max = 4;                      // PostgreSQL; SQLite has one
  std::chrono::milliseconds wait_max{2000};      // for a free session
  std::chrono::milliseconds busy_timeout{5000};  // SQLite
  bool synchronous_full = true;                  // SQLite: PRAGMA synchronous
  AskOptions asks{};
  PgOptions postgresql{};
};

// A session on loan; goes back when destroyed.
using Lease = std::unique_ptr<Session, std::function<void(Session*)>>;

class Database {
 public:
  virtual ~Database() = default;
  // Reading: any of readers_max sessions.  throws Exhausted after wait_max, Unavailable.
  virtual Lease reader() = 0;
  // Writing: one at a time on SQLite, writers_max on PostgreSQL.  throws as reader().
  virtual Lease writer() = 0;
  // For the asks of one loop; made and destroyed on its thread, before this database is. Opens its
  // connections when it is first asked.
  virtual std::unique_ptr<Asker> asker(const AskerPorts& ports) = 0;
  virtual const std::string& name() const = 0;
  virtual std::string engine() const = 0;  // "sqlite", "postgresql"
  // How people find it, for advice: the file, or a URL without secrets.
  virtual std::string where() const { return name(); }
};

// Opens (and on SQLite creates, unless `as_it_is`) the database.  throws Unavailable, Invalid
// (URL).
std::unique_ptr<Database> open_database(const DatabaseOptions& options);

}  // namespace gantry::sql
