// Code in the docs is code that is built. A page says before a block where it is cut from:
//
//   <!-- from: tests/integration/plugins/parcels/v2/plugin.cpp, new version -->
//
// and the file marks the lines with "docs: new version" and "docs end" in comments. Indentation
// that all lines share is left out.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "gantry/text.hpp"

namespace gantry {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

using Lines = std::vector<std::string>;

const fs::path kTop(GANTRY_SOURCE_DIR);

Lines lines_of(const fs::path& file) {
  std::ifstream in(file);
  Lines lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string joined(const Lines& lines) {
  size_t indent = std::string::npos;
  for (const auto& line : lines) indent = std::min(indent, line.find_first_not_of(' '));
  std::string text;
  for (const auto& line : lines) text += line.substr(std::min(indent, line.size())) + '\n';
  return text;
}

// The marked lines of a file; nullopt when they are not there.
std::optional<std::string> region(const std::string& file, const std::string& name) {
  Lines found;
  bool inside = false;
  for (const auto& line : lines_of(kTop / file)) {
    if (line.find("// docs end") != line.npos && inside) return joined(found);
    if (inside) found.push_back(line);
    if (line.ends_with("// docs: " + name)) inside = true;
  }
  return std::nullopt;
}

struct Block {
  std::string page, file, region, text;
};

// Blocks of a page that say where they are cut from.
std::vector<Block> blocks_of(const fs::path& page) {
  constexpr std::string_view kFrom = "<!-- from: ", kEnd = " -->";
  std::vector<Block> blocks;
  const Lines lines = lines_of(page);
  for (size_t i = 0; i < lines.size(); ++i) {
    const size_t at = lines[i].find(kFrom);
    if (at == std::string::npos) continue;
    const size_t begin = at + kFrom.size(), comma = lines[i].find(", ", begin);
    Block block{page.filename().string(), lines[i].substr(begin, comma - begin),
                lines[i].substr(comma + 2, lines[i].find(kEnd) - comma - 2), ""};
    Lines code;
    for (i += 2; i < lines.size() && lines[i].find("```") == std::string::npos; ++i)
      code.push_back(lines[i]);
    block.text = joined(code);
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::vector<Block> all_blocks() {
  std::vector<Block> all;
  for (const auto& entry : fs::recursive_directory_iterator(kTop / "docs")) {
    if (entry.path().extension() != ".md") continue;
    for (Block& block : blocks_of(entry.path())) all.push_back(std::move(block));
  }
  return all;
}

TEST(CodeInTheDocs, IsCutFromFilesThatAreBuilt) {
  const auto blocks = all_blocks();
  EXPECT_GE(blocks.size(), 6u) << "the marks are not found any more";
  for (const Block& block : blocks) {
    const auto source = region(block.file, block.region);
    ASSERT_TRUE(source) << block.page << ": " << block.file << " marks no \"" << block.region
                        << '"';
    EXPECT_EQ(block.text, *source) << block.page << ": cut \"" << block.region << "\" anew";
  }
}

// A page that shows how to change an event without a block from a file would be a page nobody
// checks.
TEST(CodeInTheDocs, OfHowToChangeAnEventIsAllChecked) {
  size_t fences = 0;
  for (const auto& line : lines_of(kTop / "docs/howto/change_an_event.md"))
    fences += line.find("```cpp") != line.npos;
  EXPECT_EQ(blocks_of(kTop / "docs/howto/change_an_event.md").size(), fences);
  EXPECT_GT(fences, 0u);
}

}  // namespace
}  // namespace gantry
