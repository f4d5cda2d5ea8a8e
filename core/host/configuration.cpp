#include "core/host/configuration.hpp"

#include <netdb.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/config/formats.hpp"
#include "core/config/host_schema.hpp"
#include "core/config/quote.hpp"
#include "core/host/plugin_files.hpp"
#include "core/host/scratch_directory.hpp"
#include "core/sql/pg_url.hpp"
#include "core/sql/storage_url.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDatabases[] = {"events", "projections", "auth"};

// Of storage URLs that have the right shape: what the schema cannot see.
void check_storage(Configuration& configuration, const std::string& data_dir) {
  auto& faults = configuration.findings.faults;
  sql::PgOptions postgresql;  // a switch that is no boolean is told by the schema
  postgresql.insecure_transport =
      configuration.root.boolean("storage.postgresql.insecure_transport", true);
  for (const char* name : kDatabases) {
    const std::string path = config::path_of("storage", name);
    const config::Node* url = configuration.root.find(path);
    const bool told = std::any_of(faults.begin(), faults.end(),
                                  [&](const config::Fault& fault) { return fault.path == path; });
    if (told || !url || !url->text() || url->failed()) continue;
    const std::string wrong = sql::fault_of_url(*url->text(), data_dir, postgresql);
    if (!wrong.empty()) faults.push_back({url->mark(), path, wrong});
  }
}

// A consumer that stands still within a transaction keeps its rows locked until PostgreSQL ends
// that. It writes nothing wrong afterwards, because its epoch is over: a warning.
void check_leases(Configuration& configuration) {
  const config::Node& root = configuration.root;
  if (std::none_of(std::begin(kDatabases), std::end(kDatabases), [&](const char* name) {
        return sql::is_pg_url(root.text(config::path_of("storage", name), ""));
      }))
    return;
  constexpr const char* kIdle = "storage.postgresql.idle_in_transaction_timeout_ms";
  const config::Node* idle = root.find(kIdle);
  const config::Node* lease = root.find("consume.lease_ms");
  if (!idle || !lease || !idle->integer() || !lease->integer() ||
      *idle->integer() < *lease->integer())
    return;
  configuration.findings.warnings.push_back(
      {idle->origin() == config::Origin::kDefault ? lease->mark() : idle->mark(), kIdle,
       join(*idle->integer(), " is not less than consume.lease_ms (", *lease->integer(),
            "): a consumer that stands still within a transaction keeps the instance that takes "
            "over waiting")});
}

// Of an address that has the right shape: whether its host is there.
void check_listen(Configuration& configuration) {
  const config::Node* listen = configuration.root.find("http.listen");
  if (!listen || !listen->text() ||
      !config::matches(config::Format::kListenAddress, *listen->text()))
    return;
  std::string host(listen->text()->substr(0, listen->text()->rfind(':')));
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), nullptr, nullptr, &found);
  if (failed == 0) return ::freeaddrinfo(found);
  configuration.findings.faults.push_back(
      {listen->mark(), "http.listen",
       join("the host ", config::quoted(host), " has no address: ", ::gai_strerror(failed))});
}

}  // namespace

Configuration read_configuration(const ConfigurationSources& sources) {
  Configuration configuration;
  config::Sources files;
  files.file = sources.config_file;
  files.overrides = sources.overrides;
  std::optional<ScratchDirectory> written;
  std::error_code unreadable;  // then it is not missing, and is reported when it is read
  if (sources.use_default_when_missing && !fs::exists(sources.config_file, unreadable) &&
      !unreadable) {
    written.emplace("gantry-default");
    files.file = written->path() + "/gantry.yaml";
    std::ofstream(files.file) << default_configuration();
  }
  configuration.root = config::load(files).root;
  find_plugins(configuration);

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
  if (std::any_of(configuration.directories.begin(), configuration.directories.end(), is_missing)) {
    // Nobody can say which plugins there are: only the directory is reported.
    if (const config::Node* all = configuration.root.find("plugins")) {
      for (const auto& member : all->members()) texts.emplace(member.key, "");
    }
  }
  auto schemas = config::read_schemas(config::host_schema(), texts);
  if (!schemas) {
    configuration.findings.faults = schemas.reason();
    return configuration;
  }
  for (const std::string& directory : configuration.directories)
    schemas->looked_in += join(schemas->looked_in.empty() ? "" : ", ", directory);
  configuration.findings.faults = faults_of_plugins(configuration);
  config::Checked checked = config::check(files, *schemas);
  configuration.findings.add(std::move(checked.findings));
  configuration.root = std::move(checked.effective);
  check_storage(configuration, sources.data_dir);
  check_leases(configuration);
  check_listen(configuration);
  configuration.findings.sort();
  return configuration;
}

}  // namespace gantry::host
