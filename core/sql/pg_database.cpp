#include "core/sql/pg_database.hpp"

#include "core/sql/pg_session.hpp"
#include "core/sql/pg_url.hpp"
#include "core/sql/session_pool.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

SessionPool::Open opener(const std::string& database, std::string conninfo, bool reads_only) {
  return [=]() -> std::unique_ptr<PooledSession> {
    try {
      return std::make_unique<PgSession>(conninfo, reads_only);
    } catch (const Error& error) {
      throw Error(error.code(), join("database '", database, "': ", error.detail()));
    }
  };
}

class PgDatabase final : public Database {
 public:
  PgDatabase(const DatabaseOptions& options, const PgUrl& url)
      : name_(options.name),
        writers_({name_, "writers", options.writers_max, options.wait_max},
                 opener(name_, url.conninfo(options.postgresql, false), false)),
        readers_({name_, "readers", options.readers_max, options.wait_max},
                 opener(name_, url.conninfo(options.postgresql, true), true)) {
    writer();
  }

  Lease reader() override { return readers_.take(); }
  Lease writer() override { return writers_.take(); }
  const std::string& name() const override { return name_; }
  std::string engine() const override { return "postgresql"; }

 private:
  const std::string name_;
  SessionPool writers_;
  SessionPool readers_;
};

}  // namespace

std::unique_ptr<Database> open_pg_database(const DatabaseOptions& options) {
  const PgUrl url(options.url);
  const std::string fault = url.transport_fault(options.postgresql);
  if (!fault.empty()) throw Error(Code::kInvalid, join("database '", options.name, "': ", fault));
  return std::make_unique<PgDatabase>(options, url);
}

}  // namespace gantry::sql
