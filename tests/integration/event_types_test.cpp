// The life of an event type in a running server: the worked example of
// docs/howto/change_an_event.md, and what a release may not forget.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <sstream>
#include <thread>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

// A server with the plugin parcels, in one of the versions of tests/integration/plugins/parcels.
class ChangingAnEvent : public testing::Test {
 protected:
  ChangingAnEvent()
      : server_({.config = join("loader: {directories: [", folder_.path(),
                                "]}\nchains: {public: [request_id]}\nplugins: {parcels: {}}\n")}) {}

  void install(const std::string& version) const {
    fs::copy_file(join(GANTRY_TEST_PLUGINS, "/parcels_", version, "/parcels.so"),
                  folder_.path() + "/parcels.so", fs::copy_options::overwrite_existing);
  }
  std::pair<int, std::string> plugin(const std::string& what) const {
    return Server::run({"plugin", what, "parcels", "--data-dir", server_.data_dir() + "/var"});
  }
  // Replaces the plugin while the server runs.
  std::pair<int, std::string> replace_by(const std::string& version) const {
    plugin("disable");
    install(version);
    return plugin("enable");
  }
  Answer send(const std::string& name, const std::string& parcel) const {
    return server_.client().post("/parcels/" + name, parcel);
  }
  bool has_weighed(int64_t grams) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < until) {
      if (JsonBody(server_.client().get("/parcels").body).integer("weighed_g") == grams)
        return true;
      std::this_thread::yield();
    }
    return false;
  }

  TemporaryDirectory folder_;
  Server server_;
};

TEST_F(ChangingAnEvent, ShowsOldEventsInTheNewVersionToEverybody) {
  install("v1");
  ASSERT_TRUE(server_.start()) << server_.output();
  ASSERT_EQ(send("1", R"({"to":"Ada","weight_kg":3})").status, 200);

  const auto [code, output] = replace_by("v2");
  ASSERT_EQ(code, 0) << output << server_.output();
  ASSERT_EQ(send("1", R"({"to":"Ben","weight_g":250})").status, 200);

  EXPECT_EQ(server_.client().get("/parcels/1").body,
            R"({"events":[{"type":"parcels.sent.v2","data":{"to":"Ada","weight_g":3000}},)"
            R"({"type":"parcels.sent.v2","data":{"to":"Ben","weight_g":250}}]})");
  EXPECT_TRUE(has_weighed(3250)) << server_.output();
}

TEST_F(ChangingAnEvent, InPlaceIsRefusedAndTheSentenceSaysWhatToDo) {
  install("v1");
  ASSERT_TRUE(server_.start()) << server_.output();
  ASSERT_EQ(send("1", R"({"to":"Ada","weight_kg":3})").status, 200);

  const auto [code, output] = replace_by("edited");
  EXPECT_NE(code, 0);
  EXPECT_THAT(output, HasSubstr("parcels.sent.v1 was registered with another schema (sha256 "));
  EXPECT_THAT(output, HasSubstr("never change a released version, add parcels.sent.v2"));

  install("v2");
  const auto [again, said] = plugin("enable");
  ASSERT_EQ(again, 0) << said;
  EXPECT_TRUE(has_weighed(3000));
}

// What the plugins of the default configuration have registered, by their own account.
std::set<std::string> registered(const Server& server) {
  FILE* rows = ::popen(join("sqlite3 -readonly ", server.data_dir(),
                            "/var/events.db \"SELECT name || '.v' || version FROM es_schema\"")
                           .c_str(),
                       "r");
  std::string text(1 << 16, '\0');
  text.resize(::fread(text.data(), 1, text.size(), rows));
  ::pclose(rows);
  std::set<std::string> types;
  std::istringstream lines(text);
  for (std::string type; lines >> type;) types.insert(type);
  return types;
}

TEST(AReleasedServer, HasGoldenSamplesOfEveryEventItsPluginsRegister) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  const auto types = registered(server);
  EXPECT_EQ(types.count("payments.captured.v1"), 1u) << "the question was not answered";
  std::vector<std::string> missing;
  for (const std::string& type : types) {
    if (!fs::exists(join(Server::source_dir(), "/tests/golden/events/", type, ".json")))
      missing.push_back(type);
  }
  EXPECT_THAT(missing, IsEmpty()) << "add samples, see docs/howto/change_an_event.md";
}

}  // namespace
}  // namespace gantry::tests
