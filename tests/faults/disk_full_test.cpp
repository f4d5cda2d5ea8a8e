// F14: the disk is full, under a SQLite file and under PostgreSQL. Appends fail cleanly, with a 503
// and nothing half written, and go on once there is room again. Small file systems in memory are
// mounted for that, so it needs root.
#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/support/crowd.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/small_disk.hpp"

namespace gantry::tests {
namespace {

constexpr int kWishes = 4;

// Fills the disk under the server, lets everybody meet it, makes room, and lets everybody ask
// again.
void fill_and_free(SmallDisk& disk, Server& server, const Storage& storage) {
  History history(server.data_dir() + "/history.jsonl");
  Crowd crowd(server.port(), history, {.customers = 8, .wishes = kWishes});
  ASSERT_FALSE(crowd.event().empty());
  crowd.trade(server.port(), 0, 1);
  disk.fill();
  const auto full = crowd.trade(server.port(), 1, kWishes);
  EXPECT_GT(full.later, 0) << "the disk was not full";
  EXPECT_EQ(full.silent, 0);
  disk.free();
  EXPECT_TRUE(comes_true(std::chrono::seconds(60), [&] {
    const auto tally = crowd.trade(server.port(), 0, kWishes);
    return tally.later == 0 && tally.silent == 0;
  }));
  EXPECT_EQ(crowd.complaint(kWishes), "");
  const auto [code, words] = storage.verify(server, history.file());
  EXPECT_EQ(code, 0) << words;
}

TEST(DiskFull, UnderSqliteRefusesCleanlyAndGoesOnWithRoom) {
  SmallDisk disk(200);
  if (!disk.mounted()) GTEST_SKIP() << "only root can mount a small disk";
  const Storage storage(Engine::sqlite);
  ServerOptions options = storage.options();
  options.arguments.insert(options.arguments.end(), {"--set", "http.handler_timeout_ms=5000"});
  Server server(options);
  std::filesystem::create_directory_symlink(disk.path(), server.data_dir() + "/var");
  ASSERT_TRUE(server.start()) << server.output();
  fill_and_free(disk, server, storage);
  server.kill();
}

TEST(DiskFull, UnderPostgresqlRefusesCleanlyAndGoesOnWithRoom) {
  SmallDisk disk(200);
  if (!disk.mounted()) GTEST_SKIP() << "only root can mount a small disk";
  Postgres crowded({.settings = {"min_wal_size=32MB", "max_wal_size=32MB"}, .folder = disk.path()});
  const Storage storage(Engine::postgresql, crowded.fresh_database());
  ServerOptions options = storage.options();
  options.arguments.insert(options.arguments.end(), {"--set", "http.handler_timeout_ms=5000"});
  Server server(options);
  ASSERT_TRUE(server.start()) << server.output();
  fill_and_free(disk, server, storage);
  server.kill();
}

}  // namespace
}  // namespace gantry::tests
