#include "core/host/configuration.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/config/host_schema.hpp"
#include "core/host/storage.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {

namespace fs = std::filesystem;

fs::path beside_executable() {
  std::error_code failed;
  const fs::path executable = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::current_path() : executable.parent_path().parent_path();
}

// loader.directories of the unchecked tree; what is wrong with it is reported by the check.
std::vector<std::string> plugin_directories(const config::Node& root) {
  std::vector<std::string> names;
  if (const config::Node* list = root.find("loader.directories")) {
    for (const config::Node& item : list->items()) {
      if (const auto text = item.text()) names.emplace_back(*text);
    }
  }
  if (names.empty()) names.emplace_back("plugins");
  std::vector<std::string> out;
  for (const std::string& name : names) {
    const fs::path path(name);
    out.push_back(
        (path.is_absolute() ? path : beside_executable() / path).lexically_normal().string());
  }
  return out;
}

std::vector<std::string> plugin_files(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(directory, failed)) {
    if (entry.path().extension() == ".so") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void verify_all(Configuration& configuration) {
  const config::Node& root = configuration.root;
  plugins::VerifyOptions options;
  options.host_version = GANTRY_VERSION;
  options.allow_draft = root.boolean("loader.allow_draft", false);
  for (const std::string& directory : configuration.directories) {
    for (const std::string& file : plugin_files(directory)) {
      const std::string stem = fs::path(file).stem().string();
      options.sha256.reset();
      const config::Node* all = root.find("plugins");
      const auto* section = all ? all->member(stem) : nullptr;
      if (section) {
        if (const std::string digest = section->value.text("sha256", ""); !digest.empty())
          options.sha256 = digest;
      }
      auto verified = plugins::verify(file, options);
      FoundPlugin found;
      found.path = file;
      const plugins::Manifest* manifest = nullptr;
      if (verified) {
        manifest = &verified->manifest;
      } else {
        found.refused = verified.reason().reason;
        if (verified.reason().manifest) manifest = &*verified.reason().manifest;
      }
      if (manifest) {
        found.id = manifest->id;
        found.version = manifest->version.text();
        found.summary = manifest->summary;
      }
      if (verified && configuration.verified.count(found.id) != 0) {
        found.refused = join("another file with this id was found first: ",
                             configuration.verified[found.id].path);
      } else if (verified) {
        configuration.verified.emplace(found.id, std::move(verified.value()));
      }
      configuration.found.push_back(std::move(found));
    }
  }
  std::stable_sort(configuration.found.begin(), configuration.found.end(),
                   [](const FoundPlugin& a, const FoundPlugin& b) { return a.id < b.id; });
}

// A section for a plugin whose file was refused gets the refusal, not "unknown plugin".
void report_refused(Configuration& configuration) {
  const config::Node* all = configuration.root.find("plugins");
  if (!all) return;
  for (const auto& member : all->members()) {
    if (configuration.verified.count(member.key) != 0 || !member.value.boolean("enabled", true))
      continue;
    for (const FoundPlugin& found : configuration.found) {
      if (found.id == member.key || fs::path(found.path).stem() == member.key) {
        configuration.findings.faults.push_back(
            {member.key_mark, config::path_of("plugins", member.key),
             join("the plugin ", found.path, " ", found.refused)});
      }
    }
  }
}

}  // namespace

Configuration read_configuration(const ConfigurationSources& sources) {
  Configuration configuration;
  config::Sources files;
  files.file = sources.config_file;
  files.overrides = sources.overrides;
  fs::path written;
  if (sources.use_default_when_missing && !fs::exists(sources.config_file)) {
    written = fs::temp_directory_path() / join("gantry-default-", ::getpid(), ".yaml");
    std::ofstream(written) << default_configuration();
    files.file = written.string();
  }
  configuration.root = config::load(files).root;
  configuration.directories = plugin_directories(configuration.root);
  verify_all(configuration);

  config::PluginSchemas texts;
  for (const auto& [id, verified] : configuration.verified) {
    texts.emplace(id, verified.config_schema.empty()
                          ? R"({"type":"object","additionalProperties":false})"
                          : verified.config_schema);
  }
  for (const FoundPlugin& found : configuration.found) {  // known by name, though not usable
    if (!found.refused.empty())
      texts.emplace(found.id.empty() ? fs::path(found.path).stem().string() : found.id, "");
  }
  auto schemas = config::read_schemas(config::host_schema(), texts);
  if (!schemas) {
    configuration.findings.faults = schemas.reason();
    return configuration;
  }
  report_refused(configuration);
  config::Checked checked = config::check(files, *schemas);
  const bool fits = checked.findings.ok();
  configuration.findings.add(std::move(checked.findings));
  configuration.root = std::move(checked.effective);
  if (fits) configuration.findings.add({storage_faults(configuration.root), {}});
  configuration.findings.sort();
  if (!written.empty()) fs::remove(written);
  return configuration;
}

}  // namespace gantry::host
