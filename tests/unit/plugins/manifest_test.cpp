#include "core/plugins/manifest.hpp"

#include <gmock/gmock.h>

#include "core/plugins/plan_rules.hpp"

namespace gantry::plugins {
namespace {
using testing::HasSubstr;

std::string faults(std::string_view yaml) {
  const auto manifest = read_manifest(yaml, "plugin.yaml");
  return manifest ? "" : config::to_text(manifest.reason());
}

TEST(Manifest, SaysEverythingAboutAPlugin) {
  const auto manifest = read_manifest(R"(
id: acme.hello
version: 1.4.0-rc.1
summary: Says hello
interfaces:
  needs: [gantry.http/1, {id: gantry.log/1, size: 40}]
  wants: [gantry.kv/1]
services:
  provides: [acme.greeting/1]
  needs: [gantry.mail/2]
draft: true
)",
                                      "plugin.yaml");
  ASSERT_TRUE(manifest.ok());
  EXPECT_EQ(manifest->id, "acme.hello");
  EXPECT_EQ(manifest->version.text(), "1.4.0-rc.1");
  EXPECT_EQ(manifest->needs[1].size, 40u);
  EXPECT_TRUE(manifest->asks_for("gantry.kv/1"));
  EXPECT_FALSE(manifest->asks_for("gantry.sql/1"));
  EXPECT_EQ(manifest->provides, std::vector<std::string>{"acme.greeting/1"});
  EXPECT_EQ(manifest->service_needs, std::vector<std::string>{"gantry.mail/2"});
  EXPECT_TRUE(manifest->draft);
}

TEST(Manifest, NeedsIdAndVersionOnly) { EXPECT_EQ(faults("id: a\nversion: 0.1.0\n"), ""); }

TEST(Manifest, ReportsAllFaultsWithTheirLines) {
  const std::string text = faults("id: Acme\nversion: 1.0\ninterfaces:\n  need: []\n");
  EXPECT_THAT(text, HasSubstr("plugin.yaml:1:"));
  EXPECT_THAT(text, HasSubstr("plugin.yaml:2:"));
  EXPECT_THAT(text, HasSubstr("plugin.yaml:4:3"));
  EXPECT_THAT(text, HasSubstr("needs"));
}

TEST(Manifest, RefusesWhatIsNoVersion) {
  EXPECT_THAT(faults("id: a\nversion: one\n"), HasSubstr("plugin.yaml:2:10"));
  EXPECT_THAT(faults("id: a\nversion: one\n"), HasSubstr("semantic version"));
}

TEST(Manifest, RefusesWhatIsNoYaml) {
  EXPECT_NE(faults("id: [a\n"), "");
  EXPECT_NE(faults(""), "");
  EXPECT_NE(faults(std::string_view("id: a\0", 6)), "");
  EXPECT_NE(faults(std::string(70 * 1024, '#')), "");
}

TEST(Version, IsOrderedAsSemverSays) {
  const char* const ascending[] = {
      "0.9.0",      "1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta",
      "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
      "1.0.0",      "1.0.1",        "1.2.0",         "10.0.0"};
  for (size_t i = 1; i < std::size(ascending); ++i)
    EXPECT_LT(*Version::parse(ascending[i - 1]), *Version::parse(ascending[i])) << ascending[i];
}

TEST(Version, IsThreeNumbers) {
  for (const char* text : {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "v1.2.3", "1.2.3-",
                           "1.2.3+", "1.2.3-a..b", "1.2.-3"}) {
    EXPECT_FALSE(Version::parse(text)) << text;
  }
  EXPECT_EQ(Version::parse("1.2.3+build.5")->text(), "1.2.3");
}

TEST(Names, AreDottedLowerCaseWords) {
  EXPECT_TRUE(is_dotted_name("payments.settle_2"));
  for (const char* name : {"", ".a", "a.", "a..b", "A", "a-b", "1a", "a.1"})
    EXPECT_FALSE(is_dotted_name(name)) << name;
  EXPECT_TRUE(is_interface_name("gantry.log/1"));
  for (const char* name : {"gantry.log", "gantry.log/", "gantry.log/0", "gantry.log/x", "/1"})
    EXPECT_FALSE(is_interface_name(name)) << name;
}

}  // namespace
}  // namespace gantry::plugins
