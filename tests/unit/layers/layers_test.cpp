// The direction of dependencies, read from the #include lines themselves. The rules stand at the
// top; a change of them is a decision, not a fix.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

// A folder of core may include itself and those to its left.
const std::vector<std::string> kLayers = {"base", "config",  "observe", "runtime",
                                          "sql",  "log",     "consume", "pipeline",
                                          "http", "plugins", "host",    "cli"};
// The checker beside the layers: a fault of theirs must not be repeated in it, so it may include
// itself and no other folder of core, and nobody may include it.
const std::string kChecker = "core/verify/";
// Libraries and calls that belong to few places: what to look for → path prefixes that may have it.
const std::map<std::string, std::vector<std::string>> kOnlyIn = {
    {"#include <Poco/", {"core/config/", "core/observe/", "core/sql/", "core/http/", "core/host/"}},
    {"#include \"Poco/",
     {"core/config/", "core/observe/", "core/sql/", "core/http/", "core/host/"}},
    {"#include <librdkafka/", {"plugins/kafka/"}},
    {"#include <sqlite3.h>", {"core/sql/", "core/log/", "core/verify/"}},
    {"#include <libpq-fe.h>", {"core/sql/", "core/log/", "core/verify/"}},
    {"#include <valijson/", {"core/base/", "core/config/"}},
    {"dlopen(", {"core/plugins/load.cpp"}},
    {"sleep_for(", {"core/runtime/"}},
    {"system_clock::now", {"core/runtime/"}},
    {"random_device", {"core/runtime/"}},
    {"catch (...)", {"core/", "sdk/include/gantry/"}},
};

struct Line {
  std::string file;  // from the top of the project
  std::string text;
};

std::vector<Line> lines_below(const std::string& folder) {
  std::vector<Line> lines;
  const fs::path top(GANTRY_SOURCE_DIR);
  for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".cpp" && extension != ".hpp" && extension != ".h" && extension != ".c")
      continue;
    std::ifstream in(entry.path());
    for (std::string text; std::getline(in, text);) {
      if (text.find("//") == text.find_first_not_of(" \t") && text.find("//") != text.npos)
        continue;  // prose
      lines.push_back(
          {fs::relative(entry.path(), top).string(), text.substr(0, text.find("  // "))});
    }
  }
  return lines;
}

// "core/log/log.hpp" of `#include "core/log/log.hpp"`; empty when the line is no such include.
std::string quoted_include(const std::string& line) {
  if (line.rfind("#include \"", 0) != 0) return {};
  return line.substr(10, line.find('"', 10) - 10);
}

std::string folder_of(const std::string& path, size_t depth) {
  size_t end = 0;
  for (size_t i = 0; i < depth; ++i) end = path.find('/', end + (i > 0));
  return path.substr(0, end);
}

size_t layer_of(const std::string& path) {
  const size_t slash = path.find('/', 5);
  const auto at = std::find(kLayers.begin(), kLayers.end(), path.substr(5, slash - 5));
  return static_cast<size_t>(at - kLayers.begin());
}

bool starts_with_any(const std::string& path, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& p) { return path.rfind(p, 0) == 0; });
}

std::string broken(const Line& line) { return line.file + ": " + line.text; }

TEST(Layers, TheSdkIncludesNothingButItselfAndTheStandardLibrary) {
  std::vector<std::string> faults;
  for (const Line& line : lines_below("sdk/include")) {
    const std::string include = quoted_include(line.text);
    if (!include.empty() && include.rfind("gantry/", 0) != 0) faults.push_back(broken(line));
    const bool testkit = line.file.find("/testkit/") != line.file.npos;
    if (!testkit && line.text.rfind("#include <", 0) == 0 &&
        line.text.find('/') != line.text.npos) {
      faults.push_back(broken(line));
    }
  }
  EXPECT_THAT(faults, IsEmpty());
}

TEST(Layers, AFolderOfCoreIncludesOnlyThoseToItsLeft) {
  std::vector<std::string> faults;
  size_t seen = 0;
  for (const Line& line : lines_below("core")) {
    const std::string include = quoted_include(line.text);
    if (include.rfind("core/", 0) != 0) {
      if (include.rfind("plugins/", 0) == 0 || include.rfind("tests/", 0) == 0)
        faults.push_back(broken(line));
      continue;
    }
    ++seen;
    if (line.file == "core/main.cpp" || line.file.starts_with(kChecker)) continue;
    const size_t from = layer_of(line.file), to = layer_of(include);
    if (from == kLayers.size() || to == kLayers.size() || to > from) faults.push_back(broken(line));
  }
  EXPECT_GT(seen, 100u) << "the test no longer sees the includes";
  EXPECT_THAT(faults, IsEmpty());
}

TEST(Layers, TheCheckerIncludesNothingOfTheProjectButItself) {
  std::vector<std::string> faults;
  size_t seen = 0;
  for (const Line& line : lines_below("core/verify")) {
    const std::string include = quoted_include(line.text);
    seen += !include.empty();
    if (!include.empty() && !include.starts_with(kChecker)) faults.push_back(broken(line));
    if (line.text.starts_with("#include <gantry") || line.text.starts_with("#include <Poco"))
      faults.push_back(broken(line));
  }
  EXPECT_GT(seen, 20u) << "the test no longer sees the includes";
  EXPECT_THAT(faults, IsEmpty());
}

TEST(Layers, APluginIncludesTheSdkAndItselfOnly) {
  std::vector<std::string> faults;
  for (const Line& line : lines_below("plugins")) {
    const std::string include = quoted_include(line.text);
    if (include.empty() || include.rfind("gantry/", 0) == 0) continue;
    const bool generated = include.find("_migrations.hpp") != include.npos;
    const fs::path own = fs::path(GANTRY_SOURCE_DIR) / fs::path(line.file).parent_path() / include;
    const bool full = include.rfind(folder_of(line.file, 2) + "/", 0) == 0;
    if (!generated && !full && (include.find("..") != include.npos || !fs::exists(own)))
      faults.push_back(broken(line));
  }
  EXPECT_THAT(faults, IsEmpty());
}

TEST(Layers, LibrariesAndDangerousCallsStayInTheirPlaces) {
  std::vector<std::string> faults;
  for (const std::string folder : {"core", "plugins", "sdk/include"}) {
    for (const Line& line : lines_below(folder)) {
      for (const auto& [text, places] : kOnlyIn) {
        if (line.text.find(text) != line.text.npos && !starts_with_any(line.file, places))
          faults.push_back(broken(line));
      }
    }
  }
  EXPECT_THAT(faults, IsEmpty());
}

TEST(Layers, CoreNamesNoPlugin) {
  std::set<std::string> plugins;
  for (const auto& entry : fs::directory_iterator(fs::path(GANTRY_SOURCE_DIR) / "plugins")) {
    if (entry.is_directory()) plugins.insert('"' + entry.path().filename().string() + '"');
  }
  std::vector<std::string> faults;
  for (const Line& line : lines_below("core")) {
    if (line.file.starts_with(kChecker)) continue;  // knows the shipped application by its tables
    for (const std::string& name : plugins) {
      // words of the host's own that happen to be plugins too
      if (name == "\"auth\"" || name == "\"events\"" || name == "\"health\"") continue;
      if (line.text.find(name) != line.text.npos) faults.push_back(broken(line));
    }
  }
  EXPECT_THAT(faults, IsEmpty());
}

}  // namespace
