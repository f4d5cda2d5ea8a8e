// F26: somebody writes into the tables beside the server, or sets the database up differently. A
// position that is taken is refused by the primary key; a hole, or an event that the log did not
// write, is noticed by whoever reads over it. The default isolation of the database does not
// matter.
#include <gmock/gmock.h>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/faults/log_work.hpp"
#include "tests/support/crowd.hpp"
#include "tests/support/postgres.hpp"

namespace gantry::tests {
namespace {

using testing::HasSubstr;

class RawInsert : public testing::TestWithParam<Engine> {
 protected:
  // The last event once more, `ahead` positions behind the end, as a version of its own.
  std::string insert_ahead(int ahead) const {
    const bool pg = GetParam() == Engine::postgresql;
    return join(
        "INSERT INTO es_event (position, stream_id, version, event_id, type, data, meta, "
        "recorded_at, crc32) SELECT position + ",
        ahead, ", stream_id, version + ", ahead == 0 ? 1000 : 1, ", ",
        pg ? "gen_random_uuid()" : "randomblob(16)",
        ", type, data, meta, recorded_at, crc32 FROM es_event ORDER BY position DESC LIMIT 1",
        ahead == 0 ? " ON CONFLICT DO NOTHING" : "");
  }
  static int health(Server& server) { return Shop(server.port()).client().get("/health").status; }

  const Storage storage_{GetParam()};
};
GANTRY_ON_BOTH_ENGINES(RawInsert);

TEST_P(RawInsert, OfATakenPositionIsRefusedByThePrimaryKey) {
  Server server(storage_.options());
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  Crowd crowd(server.port(), history, {.customers = 4, .wishes = 4});
  const std::string before = storage_.ask_events(server, "SELECT count(*) FROM es_event");
  storage_.ask_events(server, insert_ahead(0));
  EXPECT_EQ(storage_.ask_events(server, "SELECT count(*) FROM es_event"), before);
  crowd.trade(server.port(), 0, 4);
  EXPECT_EQ(crowd.complaint(4), "");
  const auto [code, words] = storage_.verify(server, history.file());
  EXPECT_EQ(code, 0) << words;
}

TEST_P(RawInsert, ThatLeavesAHoleRaisesTheAlarmOfReadersAndChecker) {
  Server server(storage_.options());
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  Crowd crowd(server.port(), history, {.customers = 4, .wishes = 4});
  storage_.ask_events(server, insert_ahead(3));
  // The log moves on, on other streams: whoever decides on that one is told 500.
  Shop shop(server.port());
  EXPECT_NE(shop.open_event(crowd.organizer(), {{"Hall", 1, 1, 100}}), "");
  EXPECT_TRUE(comes_true(std::chrono::seconds(10), [&] { return health(server) == 503; }))
      << "readers go over the hole";
  const auto [code, words] = storage_.verify(server);
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, HasSubstr("I3 log dense ... BROKEN"));
}

TEST_P(RawInsert, ThatIsDenseIsKnownByItsChecksum) {
  Server server(storage_.options());
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  Crowd crowd(server.port(), history, {.customers = 4, .wishes = 4});
  storage_.ask_events(server, insert_ahead(1));
  // The log moves on, on other streams: whoever decides on that one is told 500.
  Shop shop(server.port());
  EXPECT_NE(shop.open_event(crowd.organizer(), {{"Hall", 1, 1, 100}}), "");
  EXPECT_TRUE(comes_true(std::chrono::seconds(10), [&] { return health(server) == 503; }))
      << "readers take what the log did not write";
  const auto [code, words] = storage_.verify(server);
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, HasSubstr("the checksum does not match"));
}

TEST(OtherIsolation, AsTheDatabasesDefaultChangesNothing) {
  const Storage storage(Engine::postgresql);
  postgres().ask(storage.url(),
                 "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation "
                 "= %L', current_database(), 'repeatable read'); END $$");
  LogWork one(storage), other(storage);
  one.start(0, 256);
  other.start(256, 256);
  EXPECT_EQ(one.finish(), 0);
  EXPECT_EQ(other.finish(), 0);
  EXPECT_EQ(one.complaint(256), "");
  const auto [code, words] = one.verify();
  EXPECT_EQ(code, 0) << words;
}

}  // namespace
}  // namespace gantry::tests
