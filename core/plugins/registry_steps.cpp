// The steps of a start: verified → loaded → prepared → checked together → migrated → started.
#include <algorithm>

#include "core/plugins/load.hpp"
#include "core/plugins/registry.hpp"
#include "core/plugins/stage.hpp"
#include "core/sql/database.hpp"
#include "gantry/error.hpp"
#include "gantry/guard.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
std::string all_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : " · ") + text;
  return all;
}

// What another module threw, as one sentence; inside a catch block only.
std::string current_reason() {
  std::string reason;
  gantry::detail::report_current([&](std::string_view text) { reason = text; });
  return reason;
}
}  // namespace

void Registry::fail(Installed& plugin, State state, Code code, const std::string& reason) {
  drop_generation(plugin);
  plugin.verified.reset();
  {
    const std::lock_guard lock(infos_);
    move_to(plugin, state, reason);
  }
  throw Error(code, join(plugin.info.id, " ", reason));
}

void Registry::verify_again(Installed& plugin) {
  const Enabled& enabled = plugin.enabled;
  auto verified =
      verify(plugin.info.path, {ports_.host_version, enabled.sha256, enabled.allow_draft});
  if (!verified) fail(plugin, State::kRefused, Code::kInvalid, verified.reason().reason);
  if (verified->manifest.id != plugin.info.id) {
    fail(plugin, State::kRefused, Code::kInvalid,
         join("was replaced by the file of ", verified->manifest.id, "; put the right one back"));
  }
  plugin.verified = std::move(*verified);
  const std::lock_guard lock(infos_);
  learn(plugin, plugin.verified->manifest);
  plugin.info.sha256 = plugin.verified->sha256;
  plugin.info.config_schema = plugin.verified->config_schema;
  move_to(plugin, State::kVerified, "its file may be loaded");
}

void Registry::prepare(Installed& plugin) {
  const Manifest manifest = plugin.verified->manifest;
  try {
    if (plugin.loaded_sha256 != plugin.verified->sha256) {
      const auto library = load(stage(*plugin.verified, options_.data_dir));
      if (!library) throw Error(Code::kUnavailable, library.reason());
      plugin.entry = library->entry;
      plugin.loaded_sha256 = plugin.verified->sha256;
    }
    plugin.verified.reset();  // the bytes are on disk now
    {
      const std::lock_guard lock(infos_);
      move_to(plugin, State::kLoaded, "mapped");
    }
    if (!plugin.series) {
      plugin.series =
          std::make_unique<SeriesTable>(plugin.info.id, ports_.metrics, ports_.bounds.series_max);
    }
    plugin.context =
        std::make_unique<Context>(ports_, manifest, plugin.enabled.config, *plugin.series);
    auto generation = Generation::prepare(plugin.entry, *plugin.context);
    if (!generation) throw Error(Code::kInvalid, generation.reason());
    plugin.generation = std::move(*generation);
    check_databases(plugin.generation->prepared());
  } catch (const Error& error) {
    fail(plugin, State::kFailed, error.code(), error.detail());
  } catch (...) {
    fail(plugin, State::kFailed, Code::kInternal, current_reason());
  }
  const std::lock_guard lock(infos_);
  move_to(plugin, State::kPrepared, "its plan was taken");
}

void Registry::check_databases(const Prepared& prepared) const {
  const auto check = [&](const std::string& what, const std::string& database) {
    if (ports_.databases.count(database) == 0)
      throw Error(Code::kInvalid, join(what, " is for database \"", database,
                                       "\", which the configuration does not have"));
  };
  for (const auto& projection : prepared.projections)
    check("projection " + projection.name, projection.database);
  for (const auto& migration : prepared.migrations)
    check(join("migration ", migration.migration.number), migration.database);
}

// With those that are active or about to be: routes, chains, services.
void Registry::check_together(Installed& plugin) {
  for (const std::string& service : plugin.generation->prepared().contribution.provides) {
    for (const Installed* other : active_) {
      const auto& taken = other->generation->prepared().contribution.provides;
      if (std::find(taken.begin(), taken.end(), service) == taken.end()) continue;
      fail(plugin, State::kFailed, Code::kInvalid,
           join("offers ", service, ", which ", other->info.id,
                " offers already; enable one of the two"));
    }
  }
  // What is wrong without it too is not its fault; nor, while the server starts, is the
  // configuration.
  std::vector<std::string> before, own;
  for (const auto& fault : publisher_.faults(composition(nullptr, nullptr)))
    before.push_back(sentence(fault));
  for (const auto& fault : publisher_.faults(composition(&plugin, nullptr))) {
    if (!running_ && !fault.path.empty()) continue;
    if (std::find(before.begin(), before.end(), sentence(fault)) == before.end())
      own.push_back(sentence(fault));
  }
  if (!own.empty()) fail(plugin, State::kFailed, Code::kInvalid, "cannot be added: " + all_of(own));
}

// Before any of its events can be appended or read.
void Registry::register_types(Installed& plugin) {
  try {
    ports_.event_types.add(plugin.generation->prepared().event_types);
  } catch (const Error& error) {
    fail(plugin, State::kFailed, error.code(),
         join("cannot register its event types: ", error.detail()));
  }
}

void Registry::migrate(Installed& plugin) {
  try {
    std::map<std::string, std::vector<sql::Migration>> by_database;
    for (const PlannedMigration& one : plugin.generation->prepared().migrations) {
      auto& list = by_database[one.database];
      if (one.engine == ports_.databases.at(one.database)->engine()) list.push_back(one.migration);
    }
    for (auto& [name, list] : by_database) {
      std::sort(list.begin(), list.end(),
                [](const auto& a, const auto& b) { return a.number < b.number; });
      sql::Database& database = *ports_.databases.at(name);
      if (list.empty()) sql::no_migrations_for(plugin.info.id, database.engine());
      const sql::Lease session = database.writer();
      sql::migrate(*session, plugin.info.id, list);
    }
  } catch (...) {
    fail(plugin, State::kFailed, Code::kUnavailable,
         "could not migrate its tables: " + current_reason());
  }
  const std::lock_guard lock(infos_);
  move_to(plugin, State::kMigrated, "its tables are as it expects");
}

void Registry::start(Installed& plugin) {
  try {
    plugin.generation->start();
  } catch (const Error& error) {
    fail(plugin, State::kFailed, error.code(), error.detail());
  }
  const std::lock_guard lock(infos_);
  move_to(plugin, State::kStarted, "nothing reaches it yet");
}

void Registry::attach(Installed& plugin) {
  const Prepared& prepared = plugin.generation->prepared();
  try {
    consumers_.add(plugin.info.id, prepared.projections, prepared.processes);
  } catch (...) {
    fail(plugin, State::kFailed, Code::kConflict, current_reason());
  }
  ports_.services.offer(plugin.info.id, prepared.services, plugin.context->borrowers);
}

// For a plugin that no request or event reaches yet.
void Registry::drop_generation(Installed& plugin) {
  if (plugin.generation) {
    consumers_.remove(plugin.info.id);
    ports_.services.withdraw(plugin.info.id);
    const auto deadline = Clock::now() + options_.drain_timeout;
    const bool returned = plugin.context->borrowers.wait_none(deadline);
    if (returned) plugin.generation->stop();
    plugin.context->upcasts->close();
    if (!returned || !plugin.context->upcasts->wait_empty(deadline) ||
        !plugin.context->commits.wait_none(deadline)) {
      ports_.logger.error("plugin.stuck", "a plugin that could not start is never destroyed",
                          {{"plugin", plugin.info.id}});
      plugin.generation.release();  // somebody is still inside
      plugin.context.release();
      return;
    }
  }
  retire(plugin);
}

}  // namespace gantry::plugins
