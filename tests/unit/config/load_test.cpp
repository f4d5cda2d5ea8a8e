#include "core/config/load.hpp"

#include "core/config/to_json.hpp"
#include "tests/unit/config/sources.hpp"

namespace gantry::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Load, LaysConfDAndArgumentsOverTheFileInOrder) {
  const Folder folder;
  const auto file =
      folder.write("gantry.yaml", "http: {listen: a, loops: 1}\nlist: [1, 2]\nkeep: 1\n");
  folder.write("conf.d/20.yaml", "http: {listen: c}\n");
  folder.write("conf.d/10.yaml", "http: {listen: b, body: 5}\nlist: [3]\n");
  folder.write("conf.d/.hidden.yaml", "keep: 2\n");
  const auto loaded = load({file, {"http.loops=4", "deep.er={x: [1]}"}, environment({})});
  EXPECT_THAT(loaded.findings.faults, IsEmpty());
  EXPECT_EQ(
      to_json(loaded.root, Secrets::kShown),
      R"({"http":{"listen":"c","loops":4,"body":5},"list":[3],"keep":1,"deep":{"er":{"x":[1]}}})");
}

TEST(Load, RemembersWhereEachValueCameFrom) {
  const Folder folder;
  const auto file = folder.write("gantry.yaml", "a: 1\nb: 1\n");
  const auto drop_in = folder.write("conf.d/x.yaml", "\nb: 2\n");
  const auto loaded = load({file, {"ä.c=  [7]"}, environment({})});
  EXPECT_EQ(loaded.root.find("a")->mark(), (Mark{file, 1, 4}));
  EXPECT_EQ(loaded.root.find("b")->mark(), (Mark{drop_in, 2, 4}));
  EXPECT_EQ(loaded.root.member("b")->key_mark, (Mark{drop_in, 2, 1}));
  EXPECT_EQ(loaded.root.find("ä.c")->mark(), (Mark{"--set", 1, 7}));
  EXPECT_EQ(loaded.root.find("ä")->member("c")->key_mark, (Mark{"--set", 1, 3}));
  EXPECT_EQ(loaded.root.find("ä.c")->origin(), Origin::kOverride);
  EXPECT_EQ(loaded.root.find("b")->origin(), Origin::kFile);
}

TEST(Load, ReadsTheOtherFilesAfterOneThatIsBroken) {
  const Folder folder;
  const auto file = folder.write("gantry.yaml", "a: [\n");
  folder.write("conf.d/1.yaml", "b: {\n");
  folder.write("conf.d/2.yaml", "- not\n- an object\n");
  folder.write("conf.d/3.yaml", "c: ${NOPE}\n");
  folder.write("conf.d/4.yaml", "d: 1\n");
  const auto loaded = load({file, {}, environment({})});
  EXPECT_EQ(loaded.findings.faults.size(), 4U) << to_text(loaded.findings.faults);
  EXPECT_EQ(loaded.root.integer("d", 0), 1);
}

TEST(Load, SaysWhyAFileCannotBeRead) {
  const Folder folder;
  const auto file = folder.path("gantry.yaml");
  EXPECT_THAT(lines(load({file, {}, environment({})}).findings.faults),
              ElementsAre(file + ": cannot be read: No such file or directory"));
  folder.write("gantry.yaml/x", "");
  EXPECT_THAT(lines(load({file, {}, environment({})}).findings.faults),
              ElementsAre(file + ": cannot be read: is a directory"));
}

TEST(Load, RefusesAFileOfMoreThanAMegabyte) {
  const Folder folder;
  const auto fits = folder.write("a/gantry.yaml", std::string(kSourceBytesMax, '\n'));
  const auto too_big = folder.write("b/gantry.yaml", std::string(kSourceBytesMax + 1, '\n'));
  EXPECT_THAT(load({fits, {}, environment({})}).findings.faults, IsEmpty());
  EXPECT_THAT(lines(load({too_big, {}, environment({})}).findings.faults),
              ElementsAre(too_big + ": cannot be read: is larger than 1048576 bytes"));
}

TEST(Load, WarnsAboutAFileItPassesOver) {
  const Folder folder;
  const auto file = folder.write("gantry.yaml", "");
  const auto odd = folder.write("conf.d/mine.yml", "a: 1\n");
  const auto loaded = load({file, {}, environment({})});
  EXPECT_THAT(lines(loaded.findings.warnings),
              ElementsAre(odd + ": not read, because its name does not end in .yaml"));
  EXPECT_EQ(to_json(loaded.root, Secrets::kShown), "{}");
}

TEST(Load, ReportsArgumentsThatMakeNoSense) {
  const Folder folder;
  const auto file = folder.write("gantry.yaml", "list: [1]\n");
  const auto loaded =
      load({file, {"novalue", "=1", "a..b=1", "list.x=1", "a=[1", "b=\"x"}, environment({})});
  EXPECT_THAT(
      lines(loaded.findings.faults),
      ElementsAre(
          "--set:1:1: expected key=value",
          "--set:2:1: expected a dotted key such as http.listen, found \"\"",
          "--set:3:1: expected a dotted key such as http.listen, found \"a..b\"",
          "--set:4:1: list is a list; it can only be replaced as a whole",
          HasSubstr(
              "--set:5:3: a: not readable as YAML: a key must be text, or a bracket is not closed"),
          HasSubstr("--set:6:5: b: not readable as YAML")));
}

TEST(Load, LeavesTheNullOfAnOverrideInPlace) {
  const Folder folder;
  const auto file = folder.write("gantry.yaml", "a: {b: 1}\n");
  EXPECT_EQ(to_json(load({file, {"a="}, environment({})}).root, Secrets::kShown), R"({"a":null})");
}

}  // namespace
}  // namespace gantry::config
