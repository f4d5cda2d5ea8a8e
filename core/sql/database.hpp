// sql::Database: the bounded pool of sessions of one logical database ("events", "projections", "auth").
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/sql/session.hpp"

namespace gantry::sql {

struct DatabaseOptions {
  std::string name;                // logical name, for logs, metrics and errors
  std::string url;                 // "sqlite:<file>", absolute or below data_dir
  std::string data_dir;
  uint32_t readers_max = 4;
  std::chrono::milliseconds busy_timeout{5000};
  std::chrono::milliseconds wait_max{2000};  // for a free session
  bool synchronous_full = true;              // SQLite: PRAGMA synchronous
};

// A session on loan; goes back when destroyed.
using Lease = std::unique_ptr<Session, std::function<void(Session*)>>;

class Database {
 public:
  virtual ~Database() = default;
  // Reading: any of readers_max sessions.  throws Exhausted after wait_max.
  virtual Lease reader() = 0;
  // Writing: one at a time on SQLite.  throws Exhausted after wait_max.
  virtual Lease writer() = 0;
  virtual const std::string& name() const = 0;
  virtual std::string engine() const = 0;  // "sqlite"
  // How people find it, for advice: the file, or a URL without secrets.
  virtual std::string where() const { return name(); }
};

// Opens (and on SQLite creates) the database.  throws Unavailable, Invalid (URL).
std::unique_ptr<Database> open_database(const DatabaseOptions& options);

}  // namespace gantry::sql
