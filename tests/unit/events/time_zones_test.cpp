// TimeZones against a directory of the test's own: what the machine has does not matter.
#include "time_zones.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace gantry::events {
namespace {

class Zones : public testing::Test {
 protected:
  Zones() {
    char pattern[] = "/tmp/gantry_zones_XXXXXX";
    path_ = ::mkdtemp(pattern);
    write("Europe/Berlin", "TZif2");
    write("UTC", "TZif2");
    write("posix/UTC", "TZif2");
    write("zone1970.tab", "# tz zone descriptions");
    write("Europe/README", "not a zone");
  }
  ~Zones() override { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = path_ + "/" + name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  std::string path_;
};

TEST_F(Zones, KnowsThoseOfTheDatabase) {
  const TimeZones zones(path_);
  EXPECT_TRUE(zones.knows("Europe/Berlin"));
  EXPECT_TRUE(zones.knows("UTC"));
}

TEST_F(Zones, KnowsNoOther) {
  const TimeZones zones(path_);
  for (const char* name : {"Mars/X", "Europe", "Europe/", "/UTC", "", "../UTC", "Europe/README",
                           "zone1970.tab", "posix/UTC", "europe/berlin"}) {
    EXPECT_FALSE(zones.knows(name)) << name;
  }
}

TEST_F(Zones, TakesWhatLooksLikeOneWhereThereIsNoDatabase) {
  const TimeZones zones(path_ + "/absent");
  EXPECT_TRUE(zones.knows("Mars/X"));
  EXPECT_FALSE(zones.knows("../etc/passwd"));
}

}  // namespace
}  // namespace gantry::events
