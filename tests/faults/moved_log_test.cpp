// F8: a log that was dumped and restored into a younger cluster, or copied from SQLite to
// PostgreSQL, is the same log: every position, every checkpoint and every answer that was given
// stays valid. And one that was put back to an older state is not taken for the one it was.
#include <gmock/gmock.h>

#include <filesystem>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/support/crowd.hpp"
#include "tests/support/postgres.hpp"

namespace gantry::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr int kWishes = 4;

// Everybody asks again for what they have, and for more; then the checker looks.
void go_on(Server& server, const Storage& storage, Crowd& crowd, const History& history) {
  crowd.trade(server.port(), 0, 2 * kWishes);
  EXPECT_EQ(crowd.complaint(2 * kWishes), "");
  const auto [code, words] = storage.verify(server, history.file());
  EXPECT_EQ(code, 0) << words;
}

TEST(MovedLog, RestoredIntoAYoungerClusterIsTheSame) {
  const Storage storage(Engine::postgresql);
  Server server(storage.options());
  storage.note_projected(server);
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  Crowd crowd(server.port(), history, {.customers = 16, .wishes = 2 * kWishes});
  crowd.trade(server.port(), 0, kWishes);
  ASSERT_EQ(server.stop(), 0);

  Postgres younger;
  const std::string copy = younger.fresh_database();
  younger.restore(copy, postgres().dump(storage.url()));
  const Storage restored(Engine::postgresql, copy);
  Server again(restored.options());
  ASSERT_TRUE(again.start()) << again.output();
  go_on(again, restored, crowd, history);
}

TEST(MovedLog, CopiedFromSqliteToPostgresqlIsTheSame) {
  const Storage storage(Engine::sqlite);
  const std::string database = postgres().fresh_database();
  ServerOptions options;
  Server server(options);
  storage.note_projected(server);
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  Crowd crowd(server.port(), history, {.customers = 16, .wishes = 2 * kWishes});
  crowd.trade(server.port(), 0, kWishes);
  ASSERT_EQ(server.stop(), 0);

  const std::string data = server.data_dir() + "/var";
  const auto [copied, said] = Server::run(
      {"log", "copy", "--data-dir", data, "--from", "sqlite:events.db", "--to", database});
  ASSERT_EQ(copied, 0) << said;
  server.set_arguments({"--set", "storage.events=" + database});
  ASSERT_TRUE(server.start()) << server.output();
  crowd.trade(server.port(), 0, 2 * kWishes);
  EXPECT_EQ(crowd.complaint(2 * kWishes), "");
  const auto [code, words] =
      storage.verify(server, history.file(), {"--set", "storage.events=" + database});
  EXPECT_EQ(code, 0) << words;
}

class OlderLog : public testing::Test {
 protected:
  // The events of an older moment under the read models of a newer one; then others are sold.
  void put_back(Server& server) {
    ASSERT_TRUE(server.start()) << server.output();
    History history(server.data_dir() + "/history.jsonl");
    Crowd crowd(server.port(), history, {.customers = 4, .wishes = 3 * kWishes});
    ASSERT_EQ(server.stop(), 0);
    const fs::path events = server.data_dir() + "/var/events.db",
                   kept = server.data_dir() + "/kept.db";
    fs::copy_file(events, kept);
    ASSERT_TRUE(server.start()) << server.output();
    crowd.trade(server.port(), 0, kWishes);
    ASSERT_EQ(server.stop(), 0);
    fs::copy_file(kept, events, fs::copy_options::overwrite_existing);
    for (const char* more : {"-wal", "-shm"}) fs::remove(events.string() + more);
    ASSERT_TRUE(server.start()) << server.output();
    crowd.trade(server.port(), kWishes, 3 * kWishes);
  }
  const Storage storage_{Engine::sqlite};
};

TEST_F(OlderLog, IsNotTakenForTheOneTheReadModelsCameFrom) {
  ServerOptions options;
  options.arguments = {"--set", "http.handler_timeout_ms=1000"};
  Server server(options);
  put_back(server);
  EXPECT_TRUE(comes_true(std::chrono::seconds(5), [&] {
    return server.output().find("log diverged at position") != std::string::npos;
  })) << server.output();
  const auto [code, words] = storage_.verify(server);
  EXPECT_THAT(words, HasSubstr("I3 log dense ... ok"));
}

TEST_F(OlderLog, IsNoticedInTheReadModelsWhereNobodyCompares) {
  GANTRY_NEEDS_MUTATIONS();
  ServerOptions options = storage_.options("no_witness");
  options.arguments = {"--set", "http.handler_timeout_ms=1000"};
  Server server(options);
  put_back(server);
  EXPECT_THAT(server.output(), Not(HasSubstr("log diverged at position")));
  const auto [code, words] = storage_.verify(server);
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, HasSubstr("I6 read models follow the log ... BROKEN"));
}

}  // namespace
}  // namespace gantry::tests
