#include "core/sql/migrations.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "core/sql/checkpoint.hpp"
#include "gantry/text.hpp"
#include "tests/contract/sql/engine.hpp"

namespace gantry::sql::test {
namespace {
using testing::HasSubstr;

class Migrations : public OnEngine {
 protected:
  Migrations() : writer_(open().writer()) {}
  ~Migrations() override { writer_.reset(); }
  std::vector<std::string> rows(std::string_view statement) {
    std::vector<std::string> found;
    writer_->query(statement, {}, [&](const Row& row) {
      found.emplace_back(std::get<std::string_view>(row[0]));
      return true;
    });
    return found;
  }
  std::vector<std::string> tables() {
    return rows(
        GetParam() == "sqlite"
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'gantry_migration' "
              "ORDER BY name"
            : "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = 'public' AND "
              "tablename <> 'gantry_migration' ORDER BY 1");
  }
  Error refused(const std::vector<Migration>& list) {
    return error_of_call([&] { migrate(*writer_, "shop", list); });
  }
  Lease writer_;
};

const Migration kOne{"shop", 1, "carts",
                     "CREATE TABLE carts (a integer); CREATE TABLE items (a integer);"};
const Migration kTwo{"shop", 2, "orders", "CREATE TABLE orders (a integer);"};

TEST_P(Migrations, AreAppliedOnceAndInOrder) {
  migrate(*writer_, "shop", {kOne});
  migrate(*writer_, "shop", {kOne, kTwo});
  migrate(*writer_, "shop", {kOne, kTwo});
  EXPECT_THAT(tables(), testing::ElementsAre("carts", "items", "orders"));
  EXPECT_THAT(rows("SELECT owner || number || name FROM gantry_migration ORDER BY number"),
              testing::ElementsAre("shop1carts", "shop2orders"));
}

TEST_P(Migrations, OfTwoOwnersDoNotMix) {
  migrate(*writer_, "shop", {kOne});
  migrate(*writer_, "bank", {{"bank", 1, "accounts", "CREATE TABLE accounts (a integer)"}});
  EXPECT_THAT(tables(), testing::ElementsAre("accounts", "carts", "items"));
}

TEST_P(Migrations, ThatFailLeaveNothingBehind) {
  const Error error = refused(
      {kOne, {"shop", 2, "bad", "CREATE TABLE half (a integer); CREATE TABLE carts (a integer);"}});
  EXPECT_EQ(error.code(), Code::kInvalid);
  EXPECT_THAT(tables(), testing::ElementsAre("carts", "items"));
  migrate(*writer_, "shop", {kOne, kTwo});
  EXPECT_THAT(tables(), testing::ElementsAre("carts", "items", "orders"));
}

TEST_P(Migrations, ThatWereEditedAreRefused) {
  migrate(*writer_, "shop", {kOne});
  Migration edited = kOne;
  edited.sql += " ";
  const Error error = refused({edited, kTwo});
  EXPECT_EQ(error.code(), Code::kInvalid);
  EXPECT_EQ(error.detail(), join("migration 0001_carts.sql of 'shop' was applied with SHA-256 ",
                                 sha256_hex(kOne.sql).substr(0, 12), " but is now ",
                                 sha256_hex(edited.sql).substr(0, 12),
                                 "; restore the file and put the change into a new one"));
  EXPECT_THAT(tables(), testing::ElementsAre("carts", "items"));
}

TEST_P(Migrations, OfANewerProgramAreRefused) {
  migrate(*writer_, "shop", {kOne, kTwo});
  EXPECT_EQ(refused({kOne}).detail(),
            "the database is newer than this program: it has 0002_orders.sql of 'shop', the "
            "program ends at number 1");
}

TEST_P(Migrations, WithGapsOrRepeatsAreRefused) {
  Migration third = kTwo;
  third.number = 3;
  EXPECT_EQ(refused({kOne, third}).detail(),
            "migrations of 'shop': 0003_orders.sql comes where number 2 is due");
  EXPECT_THAT(refused({kTwo}).detail(), HasSubstr("where number 1 is due"));
  EXPECT_THAT(refused({kOne, kOne}).detail(), HasSubstr("where number 2 is due"));
  EXPECT_TRUE(tables().empty());
}

TEST_P(Migrations, OfSomebodyElseAreRefused) {
  Migration foreign = kOne;
  foreign.owner = "bank";
  EXPECT_EQ(refused({foreign}).detail(),
            "migration 0001_carts.sql belongs to 'bank', not to 'shop'");
}

TEST_P(Migrations, MissingFromTheDatabaseInBetweenAreRefused) {
  migrate(*writer_, "shop", {kOne, kTwo});
  writer_->exec("DELETE FROM gantry_migration WHERE number = 1");
  EXPECT_EQ(refused({kOne, kTwo}).detail(),
            "the database has 0002_orders.sql of 'shop' but not number 1");
}

TEST_P(Migrations, OfTheCheckpointGoIntoAnyDatabase) {
  migrate(*writer_, "checkpoint", checkpoint_migrations(GetParam()));
  EXPECT_EQ(writer_->exec("INSERT INTO es_checkpoint VALUES ('rows', 1, 7, ?, 5, 3, 'here', 9)",
                          {Blob{"x"}}),
            1);
  EXPECT_THAT(error_of_call([] { checkpoint_migrations("oracle"); }).detail(),
              HasSubstr("'checkpoint' has no migrations for oracle"));
}

TEST_P(Migrations, OfInstancesThatStartTogetherAreAppliedOnce) {
  writer_.reset();
  options_.busy_timeout = std::chrono::seconds(10);
  std::vector<std::thread> instances;
  for (int i = 0; i < 4; ++i) {
    instances.emplace_back([&] {
      const auto own = open_database(options_);
      const Lease session = own->writer();
      EXPECT_NO_THROW(migrate(*session, "shop", {kOne, kTwo}));
    });
  }
  for (auto& instance : instances) instance.join();
  writer_ = database_->writer();
  EXPECT_THAT(tables(), testing::ElementsAre("carts", "items", "orders"));
}

GANTRY_ON_EVERY_ENGINE(Migrations);

TEST(Sha256, IsThePublishedOne) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
}  // namespace
}  // namespace gantry::sql::test
