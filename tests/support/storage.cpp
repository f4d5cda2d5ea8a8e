#include "tests/support/storage.hpp"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "gantry/text.hpp"
#include "tests/support/postgres.hpp"

namespace gantry::tests {
namespace {

constexpr const char* kMakeProjected =
    "CREATE TABLE es_projected (consumer TEXT NOT NULL, version BIGINT NOT NULL, "
    "position BIGINT NOT NULL)";

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "storage of a test: %s\n", why.c_str());
  std::abort();
}

std::string ask_sqlite(const std::string& file, const std::string& sql) {
  sqlite3* db = nullptr;
  std::string first;
  if (sqlite3_open(file.c_str(), &db) != SQLITE_OK) give_up(file);
  sqlite3_busy_timeout(db, 10000);
  char* why = nullptr;
  const auto take = [](void* out, int columns, char** values, char**) {
    auto& text = *static_cast<std::string*>(out);
    if (text.empty() && columns > 0 && values[0] != nullptr) text = values[0];
    return 0;
  };
  if (sqlite3_exec(db, sql.c_str(), take, &first, &why) != SQLITE_OK)
    give_up(join(sql, ": ", why == nullptr ? "" : why));
  sqlite3_close(db);
  return first;
}

std::string file_of(const Server& server, const char* name) {
  return join(server.data_dir(), "/var/", name);
}

}  // namespace

std::string name_of(Engine engine) { return engine == Engine::sqlite ? "sqlite" : "postgresql"; }

std::string why_no_mutations() {
  const std::string binary = Server::mutation_binary();
  if (std::filesystem::exists(binary)) return {};
  return join("there is no ", binary, "; ./dev test builds it");
}

Storage::Storage(Engine engine, const std::string& url) : engine_(engine), url_(url) {
  if (engine_ == Engine::postgresql && url_.empty()) url_ = postgres().fresh_database();
}

std::vector<std::string> Storage::arguments() const {
  if (engine_ == Engine::sqlite) return {};
  std::vector<std::string> all;
  for (const char* name : {"events", "projections", "auth"})
    all.insert(all.end(), {"--set", join("storage.", name, "=", url_)});
  return all;
}

ServerOptions Storage::options(const std::string& mutation) const {
  ServerOptions options;
  options.arguments = arguments();
  if (mutation.empty()) return options;
  options.binary = Server::mutation_binary();
  options.environment = {join("GANTRY_MUTATE=", mutation)};
  return options;
}

void Storage::note_projected(const Server& server) const {
  if (engine_ == Engine::sqlite) {
    std::filesystem::create_directories(server.data_dir() + "/var");
    std::filesystem::permissions(server.data_dir() + "/var", std::filesystem::perms::owner_all);
  }
  ask_projections(server, kMakeProjected);
}

std::string Storage::ask_events(const Server& server, const std::string& sql) const {
  return ask(file_of(server, "events.db"), sql);
}

std::string Storage::ask_projections(const Server& server, const std::string& sql) const {
  return ask(file_of(server, "read.db"), sql);
}

std::string Storage::ask(const std::string& file, const std::string& sql) const {
  return engine_ == Engine::sqlite ? ask_sqlite(file, sql) : postgres().ask(url_, sql);
}

std::pair<int, std::string> Storage::verify(const Server& server, const std::string& history,
                                            std::vector<std::string> more) const {
  std::vector<std::string> words{"log",        "verify",
                                 "--config",   Server::source_dir() + "/config/gantry.yaml",
                                 "--data-dir", server.data_dir() + "/var"};
  for (const auto& list : {arguments(), more}) words.insert(words.end(), list.begin(), list.end());
  if (!history.empty()) words.insert(words.end(), {"--history", history});
  return Server::run(words);
}

}  // namespace gantry::tests
