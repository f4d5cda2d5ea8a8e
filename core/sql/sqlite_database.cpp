#include "core/sql/sqlite_database.hpp"

#include <filesystem>

#include "core/sql/pool_asker.hpp"
#include "core/sql/session_pool.hpp"
#include "core/sql/sqlite_session.hpp"
#include "core/sql/sqlite_url.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

SessionPool::Open opener(const DatabaseOptions& options, const std::string& file, bool reads_only) {
  const SqliteOptions session{.busy_timeout = options.busy_timeout,
                              .synchronous_full = options.synchronous_full,
                              .reads_only = reads_only,
                              .pages_max = 0};
  return [file, session] { return std::make_unique<SqliteSession>(file, session); };
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const DatabaseOptions& options, const std::string& file)
      : name_(options.name),
        asks_(options.asks),
        file_(file),
        writers_({name_, "writers", 1, options.wait_max}, opener(options, file, false)),
        readers_({name_, "readers", options.readers_max, options.wait_max},
                 opener(options, file, true)) {
    // Creates the file, and says now if that is impossible.
    options.as_it_is ? reader() : writer();
  }

  Lease reader() override { return readers_.take(); }
  Lease writer() override { return writers_.take(); }
  std::unique_ptr<Asker> asker(const AskerPorts& ports) override {
    return std::make_unique<PoolAsker>(asks_, ports, *this);
  }
  const std::string& name() const override { return name_; }
  std::string engine() const override { return "sqlite"; }
  std::string where() const override { return file_; }

 private:
  const std::string name_;
  const AskOptions asks_;
  const std::string file_;
  SessionPool writers_;
  SessionPool readers_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite_database(const DatabaseOptions& options) {
  const std::string file = sqlite_file(options.url, options.data_dir);
  std::error_code failed;
  // Poco's sessions make the file, those that read too.
  if (options.as_it_is && !std::filesystem::exists(file, failed))
    throw Error(Code::kUnavailable, join("there is no file ", file));
  if (!options.as_it_is)
    std::filesystem::create_directories(std::filesystem::path(file).parent_path(), failed);
  if (failed)
    throw Error(Code::kUnavailable, join("create the folder of ", file, ": ", failed.message()));
  return std::make_unique<SqliteDatabase>(options, file);
}

}  // namespace gantry::sql
