// What the events database remembers of event types.
#include "core/log/type_archive.hpp"

#include <filesystem>

#include "core/log/event_types.hpp"
#include "core/log/sqlite_log.hpp"
#include "core/runtime/system_clock.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {
using testing::HasSubstr;

constexpr std::string_view kOne = R"({"type":"object"})";
constexpr std::string_view kOther = R"({"type":"object","required":["x"]})";
const Upcast kSame = [](std::string_view data) { return std::string(data); };

class Archive : public testing::Test {
 protected:
  Archive() {
    SqliteLogOptions options;
    options.url = "sqlite:events.db";
    options.data_dir = path_;
    open_sqlite_log(options, clock_)->stop();  // makes the tables
    sql::DatabaseOptions database;
    database.name = "events";
    database.url = "sqlite:events.db";
    database.data_dir = path_;
    events_ = sql::open_database(database);
    archive_.emplace(*events_, clock_);
  }
  ~Archive() override { std::filesystem::remove_all(path_); }

  std::string refusal(const std::vector<DeclaredType>& types) {
    try {
      archive_->keep(types);
      return "none";
    } catch (const Error& error) {
      return join(name_of(error.code()), ": ", error.detail());
    }
  }
  std::string listed() {
    std::string all;
    for (const auto& type : archive_->list()) all += join(type.name, ' ', type.current, ' ');
    return all;
  }

  runtime::SystemClock clock_;
  std::string path_ = [] {
    std::string pattern = (std::filesystem::temp_directory_path() / "gantry-XXXXXX").string();
    return std::string(::mkdtemp(pattern.data()));
  }();
  std::unique_ptr<sql::Database> events_;
  std::optional<TypeArchive> archive_;
};

TEST_F(Archive, KeepsNamesAndTheirCurrentVersion) {
  archive_->keep({declared_type("shop.paid.v1", kOne), declared_type("shop.paid.v2", kOther, kSame),
                  declared_type("shop.sold.v1", kOne)});
  archive_->keep({declared_type("shop.paid.v1", kOne)});
  EXPECT_EQ(listed(), "shop.paid 2 shop.sold 1 ");
}

TEST_F(Archive, RefusesAnotherSchemaForAVersionThatIsThere) {
  archive_->keep({declared_type("shop.paid.v1", kOne)});
  const std::string said = refusal({declared_type("shop.paid.v1", kOther)});
  EXPECT_THAT(said, HasSubstr("shop.paid.v1 was registered with another schema (sha256 "));
  EXPECT_THAT(said, HasSubstr(declared_type("shop.paid.v1", kOther).sha256));
  EXPECT_THAT(said, HasSubstr("never change a released version, add shop.paid.v2"));
  EXPECT_EQ(refusal({declared_type("shop.paid.v1", "{ \"type\":\n\"object\" }")}), "none");
}

TEST_F(Archive, KeepsAllOrNothing) {
  archive_->keep({declared_type("shop.paid.v1", kOne)});
  EXPECT_NE(
      refusal({declared_type("shop.new_one.v1", kOne), declared_type("shop.paid.v1", kOther)}),
      "none");
  EXPECT_EQ(listed(), "shop.paid 1 ");
}

// A server that starts again without the plugin.
TEST_F(Archive, MakesTypesKnownWithoutTheirPlugin) {
  archive_->keep(
      {declared_type("shop.paid.v1", kOne), declared_type("shop.paid.v2", kOther, kSame)});
  EventTypes types(&*archive_);
  EXPECT_FALSE(types.upcast("shop.paid.v2", "{}")) << "it is current: nothing has to be done";
  EXPECT_THROW(types.upcast("shop.paid.v1", "{}"), UnknownType) << "its upcaster is not here";
  EXPECT_THROW(types.upcast("shop.paid.v3", "{}"), UnknownType);
  EXPECT_THAT(types.append_fault("shop.paid.v2", "{}"), HasSubstr("is not registered"));
}

// A rolling upgrade: the newer server beside this one has registered more.
TEST_F(Archive, IsAskedAgainForWhatIsNotKnown) {
  EventTypes types(&*archive_);
  EXPECT_THROW(types.upcast("shop.paid.v1", "{}"), UnknownType);
  TypeArchive(*events_, clock_).keep({declared_type("shop.paid.v1", kOne)});
  EXPECT_FALSE(types.upcast("shop.paid.v1", "{}"));
}

TEST_F(Archive, DoesNotMakeThisServersCodeKnowALaterVersion) {
  EventTypes types(&*archive_);
  types.add({declared_type("shop.paid.v1", kOne)});
  TypeArchive(*events_, clock_)
      .keep({declared_type("shop.paid.v1", kOne), declared_type("shop.paid.v2", kOther, kSame)});
  EXPECT_THROW(types.upcast("shop.paid.v2", "{}"), UnknownType);
  EXPECT_EQ(types.append_fault("shop.paid.v1", "{}"), "");
}

}  // namespace
}  // namespace gantry::log
