#include "tests/golden/corpus.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/json.hpp"
#include "gantry/text.hpp"

namespace gantry::golden {
namespace {

const std::string kFolder = GANTRY_SOURCE_DIR "/tests/golden/";

std::vector<std::string> elements_of(const std::string& path) {
  std::vector<std::string> texts;
  base::JsonDocument document;
  if (!document.parse(read_text(path))) return texts;
  for (uint32_t i = 0; i < base::json::count(document.root()); ++i)
    base::json::write_canonical(base::json::at(document.root(), i), texts.emplace_back());
  return texts;
}

}  // namespace

std::string read_text(const std::string& path) {
  std::ifstream in(kFolder + path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> types() {
  std::vector<std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder + "events")) {
    if (entry.path().extension() == ".json") all.push_back(entry.path().stem().string());
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<std::string> samples(const std::string& type) {
  return elements_of(join("events/", type, ".json"));
}

std::vector<std::string> expected(const std::string& type) {
  const std::string path = join("current/", type, ".json");
  return std::filesystem::exists(kFolder + path) ? elements_of(path) : samples(type);
}

std::map<std::string, std::string> digests() {
  std::map<std::string, std::string> all;
  std::istringstream lines(read_text("events/SHA256SUMS"));
  for (std::string digest, file; lines >> digest >> file;) all[file] = digest;
  return all;
}

}  // namespace gantry::golden
