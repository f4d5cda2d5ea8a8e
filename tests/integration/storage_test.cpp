// What happens to the data under a running server shows in its health.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"
#include "tests/support/storage.hpp"

namespace gantry::tests {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class StorageTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(server_.start()) << server_.output(); }

  // /ready comes to answer so, within fifteen seconds.
  bool becomes(int status, const std::string& reason = {}) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(15);
    while (std::chrono::steady_clock::now() < deadline) {
      last_ = server_.client().get("/ready");
      if (last_.status == status && last_.body.find(reason) != std::string::npos) return true;
      std::this_thread::yield();
    }
    return false;
  }
  std::string file(const std::string& name) const { return server_.data_dir() + "/var/" + name; }
  void limit_files(rlim_t bytes) {
    rlimit limit{};
    ASSERT_EQ(::prlimit(server_.pid(), RLIMIT_FSIZE, nullptr, &limit), 0);
    limit.rlim_cur = bytes;
    ASSERT_EQ(::prlimit(server_.pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
  }

  Server server_;
  Answer last_;
};

TEST_F(StorageTest, ReadModelsOfAnotherLogMakeTheServerUnready) {
  Shop shop(server_.port());
  ASSERT_NE(shop.open_event(shop.log_in("admin@example.com"), {{"Floor", 0, 10, 1000}}), "");
  shop.client().close();
  ASSERT_EQ(server_.stop(), 0);
  for (const char* name : {"events.db", "events.db-wal", "events.db-shm"}) fs::remove(file(name));
  ASSERT_TRUE(server_.start()) << server_.output();
  EXPECT_TRUE(becomes(503, "consumers: halted: ")) << last_.body;
  EXPECT_THAT(last_.body, HasSubstr("events.view"));
  EXPECT_EQ(server_.client().get("/health").status, 503);
  EXPECT_THAT(server_.output(), HasSubstr("log diverged at position"));
  EXPECT_THAT(server_.output(), HasSubstr("or delete " + fs::canonical(file("read.db")).string()));
}

TEST_F(StorageTest, TakenAwayMakesTheServerUnready) {
  ASSERT_TRUE(becomes(200)) << last_.body;
  fs::remove(file("events.db"));
  EXPECT_TRUE(becomes(503, "event_store: file_gone")) << last_.body;
}

TEST_F(StorageTest, ThatTakesNoWritesMakesTheServerUnreadyUntilItDoes) {
  ASSERT_TRUE(becomes(200)) << last_.body;
  Shop shop(server_.port());
  const std::string admin = shop.log_in("admin@example.com");
  limit_files(0);
  EXPECT_EQ(shop.open_event(admin, {{"Floor", 0, 10, 1000}}), "");
  EXPECT_TRUE(becomes(503, "event_store: not_writable")) << last_.body;
  limit_files(RLIM_INFINITY);
  EXPECT_TRUE(becomes(200)) << last_.body;
  EXPECT_NE(shop.open_event(admin, {{"Floor", 0, 10, 1000}}), "");
}

// Nobody waits for a hold to end, so nobody would be told.
TEST_F(StorageTest, WhoseTimersCannotBeReadMakesTheServerUnready) {
  ASSERT_TRUE(becomes(200)) << last_.body;
  const Storage storage(Engine::sqlite);
  storage.ask_events(server_, "ALTER TABLE es_timer RENAME TO es_timer_away");
  EXPECT_TRUE(becomes(503, "event_store: timers_late")) << last_.body;
  EXPECT_THAT(server_.output(),
              AllOf(HasSubstr("event_store.timers_late"), HasSubstr("no such table: es_timer")));
  storage.ask_events(server_, "ALTER TABLE es_timer_away RENAME TO es_timer");
  EXPECT_TRUE(becomes(200)) << last_.body;
}

}  // namespace
}  // namespace gantry::tests
