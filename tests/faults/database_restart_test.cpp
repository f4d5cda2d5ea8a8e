// F6: PostgreSQL goes down without a word and comes back, while customers buy and while another
// instance only listens. Nothing acknowledged is lost, and readers go on by themselves.
#include <gmock/gmock.h>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/support/crowd.hpp"
#include "tests/support/postgres.hpp"

namespace gantry::tests {
namespace {

// Reads through `server` what was true at `position`; false while that is not reached.
bool shows(Server& server, const Crowd& crowd, int64_t position) {
  Shop shop(server.port());
  return shop.get("", join("/api/events/", crowd.event(), "/availability"), position).status == 200;
}

TEST(DatabaseRestart, UnderLoadLosesNothingAndReadersResume) {
  Postgres database({.fsync = false});  // its recovery would begin with syncing all files
  const Storage storage(Engine::postgresql, database.fresh_database());
  Server server(storage.options()), other(storage.options());
  storage.note_projected(server);
  ASSERT_TRUE(server.start()) << server.output();
  ASSERT_TRUE(other.start()) << other.output();
  History history(server.data_dir() + "/history.jsonl");
  const int rounds = is_long() ? 20 : 2;
  Crowd crowd(server.port(), history, {.customers = 16, .wishes = 8 * rounds});
  ASSERT_FALSE(crowd.event().empty());
  for (int round = 0; round < rounds; ++round) {
    const int first = 8 * round, last = first + 8;
    const int64_t before = crowd.position();
    std::thread trade([&] { crowd.trade(server.port(), first, last); });
    EXPECT_TRUE(
        comes_true(std::chrono::seconds(20), [&] { return crowd.position() > before + 40; }));
    database.restart_immediate();
    trade.join();
    // Those who were told "later" ask again until everybody is served.
    EXPECT_TRUE(comes_true(std::chrono::seconds(30), [&] {
      const auto tally = crowd.trade(server.port(), first, last);
      return tally.later == 0 && tally.silent == 0;
    }));
    EXPECT_EQ(crowd.complaint(last), "");
    for (Server* one : {&server, &other})
      EXPECT_TRUE(comes_true(std::chrono::seconds(10), [&] {
        return shows(*one, crowd, crowd.position());
      })) << one->output();
  }
  const auto [code, words] = storage.verify(server, history.file());
  EXPECT_EQ(code, 0) << words;
}

TEST(DatabaseRestart, WhileNothingHappensIsNotNoticedByTheNextBuyer) {
  Postgres database({.fsync = false});  // its recovery would begin with syncing all files
  const Storage storage(Engine::postgresql, database.fresh_database());
  Server server(storage.options()), other(storage.options());
  ASSERT_TRUE(server.start()) << server.output();
  ASSERT_TRUE(other.start()) << other.output();
  History history(server.data_dir() + "/history.jsonl");
  Crowd crowd(server.port(), history, {.customers = 4, .wishes = 8});
  database.restart_immediate();  // both listen, and nobody speaks
  const auto tally = crowd.trade(server.port(), 0, 4);
  EXPECT_EQ(tally.later, 0);
  EXPECT_EQ(tally.silent, 0);
  EXPECT_TRUE(comes_true(std::chrono::seconds(10), [&] {
    return shows(other, crowd, crowd.position());
  })) << other.output();
  const auto [code, words] = storage.verify(server, history.file());
  EXPECT_EQ(code, 0) << words;
}

}  // namespace
}  // namespace gantry::tests
