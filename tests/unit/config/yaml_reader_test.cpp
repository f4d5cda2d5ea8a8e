#include "core/config/yaml_reader.hpp"

#include "core/config/to_json.hpp"
#include "tests/unit/config/sources.hpp"

namespace gantry::config {
namespace {

std::string json_of(const std::string& yaml) { return to_json(read(yaml).root, Secrets::kShown); }

TEST(PlainScalars, FollowTheCoreSchemaOfYaml12) {
  EXPECT_EQ(json_of("[~, null, Null, true, False, TRUE]"), "[null,null,null,true,false,true]");
  EXPECT_EQ(json_of("[0, -7, +7, 0123, 0o17, 0xfF]"), "[0,-7,7,123,15,255]");
  EXPECT_EQ(json_of("[1.5, .5, 1., 1e3, -2.5E-1, +1.5]"), "[1.5,0.5,1.0,1000.0,-0.25,1.5]");
  EXPECT_EQ(json_of("[yes, no, on, off, y, tRue, nUll]"),
            R"(["yes","no","on","off","y","tRue","nUll"])");
  EXPECT_EQ(json_of("[1_000, 1:30, 0b1, 0xg, 1.2.3, e5, '.', -, 1e]"),
            R"(["1_000","1:30","0b1","0xg","1.2.3","e5",".","-","1e"])");
  EXPECT_EQ(json_of("[9223372036854775807, -9223372036854775808]"),
            "[9223372036854775807,-9223372036854775808]");
}

TEST(PlainScalars, AreRefusedWhenJsonHasNoFormForThem) {
  EXPECT_THAT(lines(read("a: 9223372036854775808\nb: .nan\nc: -.inf\nd: 1e999").faults),
              testing::ElementsAre("a.yaml:1:4: a: this integer does not fit into 64 bits",
                                   "a.yaml:2:4: b: infinity and not-a-number have no meaning here",
                                   "a.yaml:3:4: c: infinity and not-a-number have no meaning here",
                                   "a.yaml:4:4: d: this number is out of range"));
}

TEST(QuotedScalars, AreAlwaysStrings) {
  EXPECT_EQ(json_of("['1', \"true\", '', \"~\", !!str 12]"), R"(["1","true","","~","12"])");
  EXPECT_EQ(json_of("a: |\n  12\nb: >-\n  true\n"), R"({"a":"12\n","b":"true"})");
}

TEST(Marks, AreTheFirstCharacterOfEachValueAndKey) {
  const Node root =
      read("# comment\nhttp:\n    listen:   'x'\n    list: [ä, 7]\n    more:\n      - b\n").root;
  EXPECT_EQ(root.member("http")->key_mark, (Mark{"a.yaml", 2, 1}));
  EXPECT_EQ(root.find("http")->mark(), (Mark{"a.yaml", 3, 5}));
  EXPECT_EQ(root.find("http.listen")->mark(), (Mark{"a.yaml", 3, 15}));
  EXPECT_EQ(root.find("http.list")->mark(), (Mark{"a.yaml", 4, 11}));
  EXPECT_EQ(root.find("http")->member("more")->key_mark, (Mark{"a.yaml", 5, 5}));
  EXPECT_EQ(root.find("http.more")->items()[0].mark(), (Mark{"a.yaml", 6, 9}));
}

TEST(Marks, CountCharactersAndNotBytes) {
  const Node root = read("list: [äöü, 7]").root;
  EXPECT_EQ(root.find("list")->items()[1].mark(), (Mark{"a.yaml", 1, 13}));
}

TEST(Marks, SurviveWindowsLineEndsAndAByteOrderMark) {
  const Node root = read(
                        "\xEF\xBB\xBF"
                        "a: 1\r\nb: 2\r\n")
                        .root;
  EXPECT_EQ(root.member("a")->key_mark, (Mark{"a.yaml", 1, 1}));
  EXPECT_EQ(root.find("b")->mark(), (Mark{"a.yaml", 2, 4}));
  EXPECT_EQ(root.integer("b", 0), 2);
}

TEST(Marks, OfAValueLeftOutAreThoseOfItsKey) {
  const Node root = read("a:\n\nb: ~\n").root;
  EXPECT_EQ(root.find("a")->mark(), (Mark{"a.yaml", 1, 1}));
  EXPECT_EQ(root.find("b")->mark(), (Mark{"a.yaml", 3, 4}));
}

TEST(DuplicateKeys, AreFaultsAtEachFurtherKeyAndTheFirstOneStays) {
  const auto result = read("a: 1\nb: {x: 1, x: 2}\na: [3]\n'a': 4\n");
  EXPECT_THAT(
      lines(result.faults),
      testing::ElementsAre("a.yaml:2:11: b.x: duplicate key \"x\"; it is already set in line 2",
                           "a.yaml:3:1: a: duplicate key \"a\"; it is already set in line 1",
                           "a.yaml:4:1: a: duplicate key \"a\"; it is already set in line 1"));
  EXPECT_EQ(to_json(result.root, Secrets::kShown), R"({"a":1,"b":{"x":1}})");
}

TEST(Aliases, CopyTheValueAndStandWhereTheyAreWritten) {
  const Node root = read("a: &x {k: 1}\nb: *x\n").root;
  EXPECT_EQ(root.integer("b.k", 0), 1);
  EXPECT_EQ(root.find("b")->mark(), (Mark{"a.yaml", 2, 4}));
}

TEST(Aliases, ThatMultiplyAreStopped) {
  std::string yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int j = 0; j < 9; ++j) yaml += ", " + last;
    yaml += "]\n";
  }
  EXPECT_THAT(lines(read(yaml).faults),
              testing::ElementsAre(testing::HasSubstr("more than 65536 values")));
}

TEST(Aliases, CannotContainThemselvesOrHideDepth) {
  EXPECT_THAT(lines(read("a: &x [*x]").faults),
              testing::ElementsAre(testing::StartsWith("a.yaml:1:8: ")));
  std::string nested = "a: &x " + std::string(40, '[') + std::string(40, ']') + "\nb: ";
  nested += std::string(30, '[') + "*x" + std::string(30, ']');
  EXPECT_THAT(lines(read(nested).faults),
              testing::ElementsAre(testing::HasSubstr("nested deeper than 64")));
}

TEST(Nesting, IsAllowedTo64LevelsAndRefusedBeyond) {
  EXPECT_TRUE(read(std::string(64, '[') + std::string(64, ']')).faults.empty());
  EXPECT_THAT(
      lines(read(std::string(65, '[') + std::string(65, ']')).faults),
      testing::ElementsAre("a.yaml:1:65: not readable as YAML: nested deeper than 64 levels"));
}

TEST(Syntax, FaultsHaveTheirPlace) {
  EXPECT_THAT(lines(read("a: 1\nb: [1, 2\n").faults),
              testing::ElementsAre(testing::StartsWith("a.yaml:3:1: ")));
  EXPECT_THAT(lines(read("a: 1\n\tb: 2\n").faults),
              testing::ElementsAre(testing::StartsWith("a.yaml:2:1: ")));
  EXPECT_THAT(lines(read("a: *nowhere\n").faults),
              testing::ElementsAre(testing::StartsWith("a.yaml:1:4: ")));
  EXPECT_THAT(lines(read("a: 1\n---\nb: 2\n").faults),
              testing::ElementsAre(testing::HasSubstr("only one document")));
  EXPECT_THAT(lines(read("[1]: 2\n").faults),
              testing::ElementsAre(testing::HasSubstr("a key must be text")));
}

TEST(Syntax, AnEndThatComesTooEarlyIsAFaultWithAndWithoutALastNewline) {
  for (const char* yaml :
       {"a: [1", "a: [1\n", "a: {b: 1", "a: {b: 1\n", "a: \"x", "a: \"x\n", "a: 'x", "a: 'x\n"}) {
    EXPECT_THAT(lines(read(yaml).faults),
                testing::ElementsAre(testing::HasSubstr("the text ends before")))
        << yaml;
  }
}

TEST(Syntax, EndMarkersAndMissingLastNewlinesAreFine) {
  for (const char* yaml : {"a: 1", "a: 1\n...", "a: 1\n...\n", "---\na: 1\n", "--- {a: 1}",
                           "a: 1 # c", "%YAML 1.2\n---\na: 1"}) {
    const auto result = read(yaml);
    EXPECT_EQ(to_text(result.faults), "") << yaml;
    EXPECT_EQ(to_json(result.root, Secrets::kShown), R"({"a":1})") << yaml;
  }
  EXPECT_EQ(json_of("a: |\n  x\n"), R"({"a":"x\n"})");
  EXPECT_EQ(json_of(""), "null");
  EXPECT_EQ(json_of("# only a comment"), "null");
  EXPECT_EQ(json_of("---\n"), "null");
}

TEST(Syntax, OutsideOfTheCoreSchemaIsRefused) {
  EXPECT_THAT(
      lines(read("a: !mine 1\nb: {<<: {c: 1}}\n").faults),
      testing::ElementsAre("a.yaml:1:4: a: the tag \"!mine\" is not supported",
                           "a.yaml:2:5: b.\"<<\": merge keys (\"<<\") are not part of YAML 1.2"));
}

TEST(Bytes, ThatAreNoTextAreRefusedAtTheirPlace) {
  EXPECT_THAT(lines(read("a: ä\nb: \xff\n").faults),
              testing::ElementsAre("a.yaml:2:4: this is not valid UTF-8"));
  EXPECT_THAT(lines(read("a: ä\x04\nb: 1").faults),
              testing::ElementsAre("a.yaml:1:5: control characters are not allowed here"));
  EXPECT_FALSE(read("a: \xed\xa0\x80").faults.empty());
  EXPECT_FALSE(read("a: \xc0\xaf").faults.empty());
}

// Any input ends in a tree or in faults, never in a crash; the sanitizers watch.
TEST(Reader, SurvivesAnythingItIsGiven) {
  const std::string seed =
      "a: &x {b: [1, 'two', \"th\\u0072ee\"], c: |\n    text\n  }\nd: *x\n? e\n: - f\n  - !!str g "
      "# h\n...\n";
  uint64_t random = 42;
  const auto next = [&random] {
    return (random = random * 6364136223846793005U + 1442695040888963407U) >> 33;
  };
  for (int i = 0; i < 3000; ++i) {
    std::string text = seed;
    for (uint64_t edits = 1 + next() % 4; edits > 0; --edits) {
      text[next() % text.size()] = "{}[]:,-?&*!|>'\"\\%#\n \tx1"[next() % 24];
    }
    const auto result = read(text);
    for (const auto& fault : result.faults) EXPECT_GE(fault.mark.column, 1) << text;
  }
}

TEST(Reader, IsQuickOnHostileMegabytes) {
  for (const char* piece :
       {"[", "{", "- ", "? ", "&a ", "\"", "a: ", "!", "[a,", "{a: 1, ", "'", "# ", "|\n", "\n "}) {
    std::string text;
    while (text.size() < 200'000) text += piece;
    read(text);
  }
}

}  // namespace
}  // namespace gantry::config
