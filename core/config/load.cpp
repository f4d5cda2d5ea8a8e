#include "core/config/load.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "core/config/merge.hpp"
#include "core/config/source_text.hpp"
#include "core/config/yaml_reader.hpp"
#include "gantry/text.hpp"

namespace gantry::config {
namespace {

namespace fs = std::filesystem;
constexpr size_t kFilesMax = 256;

std::optional<Node> read_source(const std::string& file, std::vector<Fault>& faults) {
  auto content = read_file(file, kSourceBytesMax);
  if (!content.ok()) {
    faults.push_back({{file, 0, 0}, "", "cannot be read: " + content.reason()});
    return std::nullopt;
  }
  auto node = read_yaml(SourceText(std::move(*content), {file, 1, 1}), Origin::kFile, "", faults);
  if (!node || node->is(Kind::kNull)) return std::nullopt;
  if (node->is(Kind::kObject)) return node;
  faults.push_back({node->mark(), "", "expected an object with sections such as \"http:\""});
  return std::nullopt;
}

// conf.d/*.yaml beside `file`; files with other names are passed over with a warning, because
// "conf.d/mine.yml" is more often a mistake than a wish. Hidden files are passed over silently.
std::vector<std::string> drop_ins(const std::string& file, Findings& findings) {
  const auto folder = fs::path(file).parent_path() / "conf.d";
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (name.starts_with('.')) continue;
    if (name.ends_with(".yaml")) {
      names.push_back(entry->path().string());
    } else {
      findings.warnings.push_back(
          {{entry->path().string(), 0, 0}, "", "not read, because its name does not end in .yaml"});
    }
  }
  const bool absent = error == std::errc::no_such_file_or_directory;
  if (error && !absent) {
    findings.faults.push_back({{folder.string(), 0, 0}, "", "cannot be read: " + error.message()});
  }
  std::sort(names.begin(), names.end());
  if (names.size() > kFilesMax) {
    findings.faults.push_back(
        {{folder.string(), 0, 0}, "", join("more than ", kFilesMax, " files")});
    names.resize(kFilesMax);
  }
  return names;
}

}  // namespace

Loaded load(const Sources& sources) {
  Loaded out;
  auto& faults = out.findings.faults;
  std::vector<std::string> files = drop_ins(sources.file, out.findings);
  files.insert(files.begin(), sources.file);
  Node root(Node::Object{}, {sources.file, 1, 1}, Origin::kFile);
  for (const auto& file : files) {
    if (const auto node = read_source(file, faults)) root = merge(std::move(root), *node);
  }
  int number = 0;
  for (const auto& argument : sources.overrides) {
    root = override_with(std::move(root), argument, ++number, faults);
  }
  out.root = substitute(root, sources.environment, faults);
  out.findings.sort();
  return out;
}

}  // namespace gantry::config
