// A folder with configuration files that is gone after the test, and short ways to read texts.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/config/load.hpp"
#include "core/config/schema.hpp"
#include "core/config/yaml_reader.hpp"

namespace gantry::config {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "config_test_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // Returns the whole path of the written file.
  std::string write(const std::string& name, const std::string& content) const {
    const auto file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
  }
  std::string path(const std::string& name) const {
    return (std::filesystem::path(path_) / name).string();
  }

 private:
  std::string path_;
};

inline Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

struct Read {
  Node root;
  std::vector<Fault> faults;
};

// One text as if it were the file "a.yaml", with ${…} resolved from `variables`.
inline Read read(const std::string& yaml, std::map<std::string, std::string> variables = {}) {
  Read out;
  const SourceText source(yaml, {"a.yaml", 1, 1});
  if (auto node = read_yaml(source, Origin::kFile, "", out.faults)) {
    out.root = substitute(*node, environment(std::move(variables)), out.faults);
  }
  return out;
}

inline Schema schema_of(const std::string& json) {
  auto schema = Schema::parse(json, "s.json");
  if (schema.ok()) return std::move(*schema);
  ADD_FAILURE() << to_text(schema.reason());
  return std::move(*Schema::parse("{}", "s.json"));
}

// The faults as the lines a deployer sees.
inline std::vector<std::string> lines(const std::vector<Fault>& faults) {
  std::vector<std::string> out;
  for (const auto& fault : faults) out.push_back(to_text(fault));
  return out;
}

}  // namespace gantry::config
