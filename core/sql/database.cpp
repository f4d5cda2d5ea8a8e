// One writer and up to readers_max readers over SQLite, opened when first asked for.
#include "core/sql/database.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <vector>

#include "core/sql/sqlite_session.hpp"
#include "core/sql/sqlite_url.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

// Sessions of one kind: at most `max` on loan or idle.
class Pool {
 public:
  Pool(std::string name, std::string file, SqliteOptions options, uint32_t max,
       std::chrono::milliseconds wait_max)
      : name_(std::move(name)),
        file_(std::move(file)),
        options_(std::move(options)),
        max_(max),
        wait_max_(wait_max) {}

  Lease take() {
    auto session = idle_or_slot();
    if (!session) session = open();
    return Lease(session.release(),
                 [this](Session* back) { give_back(static_cast<SqliteSession*>(back)); });
  }

 private:
  // An idle session, or null with a slot reserved for a new one.
  std::unique_ptr<SqliteSession> idle_or_slot() {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, wait_max_, [&] { return !idle_.empty() || open_ < max_; })) {
      throw Error(Code::kExhausted, join("database '", name_, "': all ", max_,
                                         options_.reads_only ? " readers" : " writers",
                                         " were busy for ", wait_max_.count(), " ms"));
    }
    if (idle_.empty()) {
      ++open_;
      return nullptr;
    }
    auto session = std::move(idle_.back());
    idle_.pop_back();
    return session;
  }

  std::unique_ptr<SqliteSession> open() {
    try {
      return std::make_unique<SqliteSession>(file_, options_);
    } catch (...) {
      free_slot();
      throw;
    }
  }

  void give_back(SqliteSession* back) {
    std::unique_ptr<SqliteSession> session(back);
    if (!session->clean_up()) {
      session.reset();
      return free_slot();
    }
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(session));
    freed_.notify_one();
  }

  void free_slot() {
    const std::lock_guard lock(mutex_);
    --open_;
    freed_.notify_one();
  }

  const std::string name_;
  const std::string file_;
  const SqliteOptions options_;
  const uint32_t max_;
  const std::chrono::milliseconds wait_max_;
  std::mutex mutex_;  // guards the rest
  std::condition_variable freed_;
  std::vector<std::unique_ptr<SqliteSession>> idle_;
  uint32_t open_ = 0;  // on loan and idle
};

SqliteOptions session_options(const DatabaseOptions& options, bool reads_only) {
  return {.busy_timeout = options.busy_timeout,
          .synchronous_full = options.synchronous_full,
          .reads_only = reads_only,
          .pages_max = 0};
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const DatabaseOptions& options, const std::string& file)
      : name_(options.name),
        file_(file),
        writers_(name_, file, session_options(options, false), 1, options.wait_max),
        readers_(name_, file, session_options(options, true), options.readers_max,
                 options.wait_max) {
    writer();  // creates the file, and says now if that is impossible
  }

  Lease reader() override { return readers_.take(); }
  Lease writer() override { return writers_.take(); }
  const std::string& name() const override { return name_; }
  std::string engine() const override { return "sqlite"; }
  std::string where() const override { return file_; }

 private:
  const std::string name_;
  const std::string file_;
  Pool writers_;
  Pool readers_;
};

}  // namespace

std::unique_ptr<Database> open_database(const DatabaseOptions& options) {
  const std::string file = sqlite_file(options.url, options.data_dir);
  if (options.readers_max == 0) throw Error(Code::kInvalid, "readers_max must be at least 1");
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(file).parent_path(), failed);
  if (failed)
    throw Error(Code::kUnavailable, join("create the folder of ", file, ": ", failed.message()));
  return std::make_unique<SqliteDatabase>(options, file);
}

}  // namespace gantry::sql
