#include "core/host/plugin_files.hpp"

#include <algorithm>
#include <filesystem>

#include "gantry/text.hpp"

namespace gantry::host {
namespace {

namespace fs = std::filesystem;

fs::path beside_executable() {
  std::error_code failed;
  const fs::path executable = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::current_path() : executable.parent_path().parent_path();
}

std::string absolute(std::string_view name) {
  const fs::path path(name);
  return (path.is_absolute() ? path : beside_executable() / path).lexically_normal().string();
}

// What is wrong with the list itself is reported by the schema.
std::vector<std::string> plugin_directories(const config::Node& root) {
  std::vector<std::string> directories;
  if (const config::Node* list = root.find("loader.directories")) {
    for (const config::Node& item : list->items()) {
      if (const auto text = item.text()) directories.push_back(absolute(*text));
    }
  }
  if (directories.empty()) directories.push_back(absolute("plugins"));
  return directories;
}

std::vector<std::string> plugin_files(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code failed;
  for (fs::directory_iterator entry(directory, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (entry->path().extension() == ".so") files.push_back(entry->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

const config::Node::Member* section_of(const config::Node& root, std::string_view id) {
  const config::Node* all = root.find("plugins");
  return all ? all->member(id) : nullptr;
}

bool is_named(const std::string& path, const std::string& id) {
  return fs::path(path).stem() == id;
}

void refuse_twin(FoundPlugin& found, const std::string& other) {
  found.refused = join("has the id of ", other, "; remove one of the two");
  found.twin = other;
}

// Takes the file as the one of its id, unless there is a better one already.
void admit(Configuration& configuration, FoundPlugin& found, plugins::Verified verified) {
  const auto other = configuration.verified.find(found.id);
  if (other == configuration.verified.end()) {
    configuration.verified.emplace(found.id, std::move(verified));
    return;
  }
  if (is_named(other->second.path, found.id) || !is_named(found.path, found.id))
    return refuse_twin(found, other->second.path);
  for (FoundPlugin& before : configuration.found) {
    if (before.path == other->second.path) refuse_twin(before, found.path);
  }
  other->second = std::move(verified);
}

void look_at(Configuration& configuration, const std::string& file) {
  plugins::VerifyOptions options;
  options.host_version = GANTRY_VERSION;
  options.allow_draft = configuration.root.boolean("loader.allow_draft", false);
  if (const auto* section = section_of(configuration.root, fs::path(file).stem().string())) {
    const std::string digest = section->value.text("sha256", "");
    if (!digest.empty()) options.sha256 = digest;
  }
  FoundPlugin found;
  found.path = file;
  auto verified = plugins::verify(file, options);
  if (!verified) found.refused = verified.reason().reason;
  const plugins::Manifest* manifest = nullptr;
  if (verified) {
    manifest = &verified->manifest;
  } else if (verified.reason().manifest) {
    manifest = &*verified.reason().manifest;
  }
  if (manifest) {
    found.id = manifest->id;
    found.version = manifest->version.text();
    found.summary = manifest->summary;
  }
  if (verified) admit(configuration, found, std::move(verified.value()));
  configuration.found.push_back(std::move(found));
}

// The usual directory, which is not written anywhere, has to be there only for plugins.
void add_faults_of_directories(const Configuration& configuration,
                               std::vector<config::Fault>& faults) {
  const config::Node* list = configuration.root.find("loader.directories");
  const config::Node* all = configuration.root.find("plugins");
  if (!list && (!all || all->members().empty())) return;
  const auto look = [&](size_t i, const std::string& directory, const config::Mark& mark) {
    if (is_missing(directory))
      faults.push_back({mark, config::path_of("loader.directories", i),
                        join("the directory ", directory, " does not exist")});
  };
  if (!list) return look(0, configuration.directories.front(), {});
  for (size_t i = 0; i < list->items().size(); ++i) {
    const config::Node& item = list->items()[i];
    if (item.text() && !item.failed()) look(i, absolute(*item.text()), item.mark());
  }
}

}  // namespace

bool is_missing(const std::string& directory) {
  std::error_code failed;
  return !fs::is_directory(directory, failed);
}

void find_plugins(Configuration& configuration) {
  configuration.directories = plugin_directories(configuration.root);
  for (const std::string& directory : configuration.directories) {
    for (const std::string& file : plugin_files(directory)) look_at(configuration, file);
  }
  std::stable_sort(configuration.found.begin(), configuration.found.end(),
                   [](const FoundPlugin& a, const FoundPlugin& b) { return a.id < b.id; });
}

std::vector<config::Fault> faults_of_plugins(const Configuration& configuration) {
  std::vector<config::Fault> faults;
  add_faults_of_directories(configuration, faults);
  for (const FoundPlugin& found : configuration.found) {
    if (found.refused.empty()) continue;
    const bool usable = found.twin.empty() && configuration.verified.count(found.id) != 0;
    const std::string stem = fs::path(found.path).stem().string();
    const auto* section = section_of(configuration.root, found.id.empty() ? stem : found.id);
    if (!section) section = section_of(configuration.root, stem);
    if (usable || !section || !section->value.boolean("enabled", true)) continue;
    faults.push_back({section->key_mark, config::path_of("plugins", section->key),
                      join("the plugin ", found.path, " ", found.refused)});
  }
  return faults;
}

}  // namespace gantry::host
