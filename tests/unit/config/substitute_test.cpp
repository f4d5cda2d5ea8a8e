#include "core/config/substitute.hpp"

#include "core/config/to_json.hpp"
#include "tests/unit/config/sources.hpp"

namespace gantry::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Substitution, OfAPlainScalarIsTypedAfterwards) {
  const Node root = read("a: ${N}\nb: '${N}'\nc: ${N}.5\nd: ${T}\ne: ${E}\nf: x${N}",
                         {{"N", "8"}, {"T", "true"}, {"E", ""}})
                        .root;
  EXPECT_EQ(to_json(root, Secrets::kShown),
            R"({"a":8,"b":"8","c":8.5,"d":true,"e":null,"f":"x8"})");
}

TEST(Substitution, TakesTheDefaultWhenUnsetOrEmpty) {
  const auto result =
      read("a: ${X:-1}\nb: ${E:-b}\nc: ${S:-1}\nd: ${X:-}\ne: ${X:-a:-b}", {{"E", ""}, {"S", "s"}});
  EXPECT_THAT(result.faults, IsEmpty());
  EXPECT_EQ(to_json(result.root, Secrets::kShown),
            R"({"a":1,"b":"b","c":"s","d":null,"e":"a:-b"})");
}

TEST(Substitution, DoesNotReadItsOwnResultAgain) {
  const Node root = read("a: ${A}-${A}", {{"A", "${B}"}, {"B", "no"}}).root;
  EXPECT_EQ(root.text("a", ""), "${B}-${B}");
}

TEST(Substitution, IsEscapedByASecondDollar) {
  const auto result = read("a: $${X} $${Y\nb: $5 $$\nc: '$$${X}'", {});
  EXPECT_THAT(result.faults, IsEmpty());
  EXPECT_EQ(to_json(result.root, Secrets::kShown), R"({"a":"${X} ${Y","b":"$5 $$","c":"$${X}"})");
}

TEST(Substitution, ReportsWhatItCannotResolveAtTheScalar) {
  EXPECT_THAT(
      lines(read("a: [x, 'y ${NO} ${file:/none} ${0a}']\nb: ${\n", {}).faults),
      ElementsAre("a.yaml:1:8: a[1]: the environment variable NO is not set",
                  "a.yaml:1:8: a[1]: the file \"/none\" cannot be read: No such file or directory",
                  "a.yaml:1:8: a[1]: expected ${NAME}, ${NAME:-default} or ${file:/path} (write "
                  "$${ for a literal ${)",
                  "a.yaml:2:4: b: expected ${NAME}, ${NAME:-default} or ${file:/path} (write $${ "
                  "for a literal ${)"));
}

TEST(Substitution, OfAFileLosesOneNewlineAndIsSecret) {
  const Folder folder;
  folder.write("one", "s3cret\n");
  folder.write("two", "a\nb\n\n");
  folder.write("windows", "w\r\n");
  const Node root =
      read("one: ${file:" + folder.path("one") + "}\ntwo: \"x-${file:" + folder.path("two") +
           "}\"\nthree: ${file:" + folder.path("windows") + "}\nfour: 4")
          .root;
  EXPECT_EQ(to_json(root, Secrets::kShown),
            R"({"one":"s3cret","two":"x-a\nb\n","three":"w","four":4})");
  EXPECT_EQ(to_json(root, Secrets::kMasked), R"({"one":"***","two":"***","three":"***","four":4})");
}

TEST(Substitution, RefusesFilesThatAreNoSecretAtAll) {
  const Folder folder;
  folder.write("big", std::string(65537, 'x'));
  folder.write("bytes", "\xff\xfe");
  const auto result = read("a: ${file:" + folder.path("big") +
                           "}\nb: ${file:" + folder.path("bytes") + "}\nc: ${file:/tmp}");
  EXPECT_THAT(lines(result.faults), ElementsAre(testing::HasSubstr("is larger than 65536 bytes"),
                                                testing::HasSubstr("is not valid UTF-8"),
                                                testing::HasSubstr("is a directory")));
}

TEST(Substitution, OnlyCountsWhereTheValueIsUsed) {
  const Folder folder;
  const auto file = folder.write("gantry.yaml", "a: ${NOT_SET}\n");
  EXPECT_THAT(load({file, {"a=1"}, environment({})}).findings.faults, IsEmpty());
}

TEST(Substitution, ReadsTheRealEnvironmentByDefault) {
  setenv("GANTRY_CONFIG_TEST", "here", 1);
  EXPECT_EQ(process_environment()("GANTRY_CONFIG_TEST"), "here");
  EXPECT_EQ(process_environment()("GANTRY_CONFIG_TEST_NOT_SET"), std::nullopt);
}

TEST(Substitution, OfAnArgumentIsAlwaysText) {
  const Environment environment = [](const std::string& name) {
    return name == "N" ? std::optional<std::string>("8") : std::nullopt;
  };
  EXPECT_EQ(substituted("a:${N}@$${N}", environment).value(), "a:8@${N}");
  EXPECT_EQ(substituted("${M}", environment).reason(), "the environment variable M is not set");
}

}  // namespace
}  // namespace gantry::config
