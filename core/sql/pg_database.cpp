#include "core/sql/pg_database.hpp"

#include <algorithm>

#include "core/config/quote.hpp"
#include "core/sql/pg_asker.hpp"
#include "core/sql/pg_session.hpp"
#include "core/sql/pg_url.hpp"
#include "core/sql/session_pool.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

// What `open` returns; what it throws says which database it is about.
template <class F>
auto connected(const std::string& database, F open) {
  try {
    return open();
  } catch (const Error& error) {
    throw Error(error.code(), join("database '", database, "': ", error.detail()));
  }
}

SessionPool::Open opener(const std::string& database, std::string conninfo, bool reads_only) {
  return [=]() -> std::unique_ptr<PooledSession> {
    return connected(database, [&] { return std::make_unique<PgSession>(conninfo, reads_only); });
  };
}

// The loop gives up an ask after its time-out; the server, a moment later, what nobody waits for.
PgOptions for_asks(const DatabaseOptions& options) {
  constexpr std::chrono::milliseconds kMoment{1000};
  PgOptions postgresql = options.postgresql;
  postgresql.statement_timeout =
      std::min(postgresql.statement_timeout, options.asks.timeout + kMoment);
  return postgresql;
}

class PgDatabase final : public Database {
 public:
  PgDatabase(const DatabaseOptions& options, const PgUrl& url)
      : name_(options.name),
        where_(config::redacted(options.url)),
        asks_(options.asks),
        asking_(url.conninfo(for_asks(options), true)),
        writers_({name_, "writers", options.writers_max, options.wait_max},
                 opener(name_, url.conninfo(options.postgresql, false), false)),
        readers_({name_, "readers", options.readers_max, options.wait_max},
                 opener(name_, url.conninfo(options.postgresql, true), true)) {
    options.as_it_is ? reader() : writer();
  }

  Lease reader() override { return readers_.take(); }
  Lease writer() override { return writers_.take(); }
  std::unique_ptr<Asker> asker(const AskerPorts& ports) override {
    return std::make_unique<PgAsker>(asks_, ports, [name = name_, conninfo = asking_] {
      return connected(name, [&] { return std::make_unique<PgConnection>(conninfo); });
    });
  }
  const std::string& name() const override { return name_; }
  std::string engine() const override { return "postgresql"; }
  std::string where() const override { return where_; }

 private:
  const std::string name_;
  const std::string where_;
  const AskOptions asks_;
  const std::string asking_;  // connection string
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
