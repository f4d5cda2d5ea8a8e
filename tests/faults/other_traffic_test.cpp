// F9: somebody leaves a transaction open, a backup runs, and another database of the same cluster
// is written to, all at once. Appends and readers go on as if they were alone.
#include <gmock/gmock.h>

#include <libpq-fe.h>

#include <atomic>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/support/crowd.hpp"
#include "tests/support/postgres.hpp"

namespace gantry::tests {
namespace {

// Has written something that it does not commit, and looks at everything as it was then.
class IdleTransaction {
 public:
  explicit IdleTransaction(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    run("CREATE TABLE somebody (n bigint)");
    run("BEGIN ISOLATION LEVEL REPEATABLE READ");
    run("INSERT INTO somebody VALUES (1)");
    run("SELECT count(*) FROM es_event");
  }
  ~IdleTransaction() { PQfinish(connection_); }
  IdleTransaction(const IdleTransaction&) = delete;
  IdleTransaction& operator=(const IdleTransaction&) = delete;

 private:
  void run(const char* sql) {
    PGresult* const result = PQexec(connection_, sql);
    EXPECT_NE(PQresultStatus(result), PGRES_FATAL_ERROR) << PQerrorMessage(connection_);
    PQclear(result);
  }
  PGconn* const connection_;
};

TEST(OtherTraffic, HoldsUpNeitherAppendsNorReaders) {
  const Storage storage(Engine::postgresql);
  Server server(storage.options());
  storage.note_projected(server);
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  const int wishes = is_long() ? 200 : 8;
  Crowd crowd(server.port(), history, {.customers = 16, .wishes = wishes});
  const IdleTransaction idle(storage.url());
  const std::string elsewhere = postgres().fresh_database();
  postgres().ask(elsewhere, "CREATE TABLE t (n bigint)");
  std::atomic<bool> enough{false};
  std::thread writer([&] {
    while (!enough) postgres().ask(elsewhere, "INSERT INTO t SELECT generate_series(1, 1000)");
  });
  std::thread backup([&] {
    while (!enough) postgres().dump(storage.url());
  });
  for (int wish = 0; wish < wishes; wish += 4) {
    crowd.trade(server.port(), wish, wish + 4);
    Shop shop(server.port());
    EXPECT_EQ(
        shop.get("", join("/api/events/", crowd.event(), "/availability"), crowd.position()).status,
        200);
  }
  enough = true;
  writer.join();
  backup.join();
  EXPECT_EQ(crowd.complaint(wishes), "");
  const auto [code, words] = storage.verify(server, history.file());
  EXPECT_EQ(code, 0) << words;
}

}  // namespace
}  // namespace gantry::tests
