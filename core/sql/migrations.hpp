// Migrations: numbered SQL texts of one owner, applied once each, in order, and never edited
// afterwards.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/sql/session.hpp"

namespace gantry::sql {

struct Migration {
  std::string owner;  // "core", "checkpoint" or a plugin's id
  uint32_t number;    // 1, 2, 3 ...
  std::string name;   // "<what>" of NNNN_<what>.sql
  std::string sql;
};

// Applies those of `owner` that the database does not have yet, each in its own transaction. What
// was applied is kept in gantry_migration(owner, number, name, sha256, applied_at). Instances that
// start together take turns.
//
//   migrations  ascending, from 1, without gaps or repeats; entries of other owners are refused
//   throws Invalid      gaps or repeats; an applied one was edited; the database is newer than
//   `migrations`
//          Unavailable  as Session::exec
//          whatever the SQL of one throws; that one leaves nothing behind
//   thread [setup]
void migrate(Session& session, std::string_view owner, const std::vector<Migration>& migrations);

// How many of them the database has; only looks.
//   throws Invalid      as migrate(); there is no gantry_migration
//          Unavailable  as Session::query
size_t applied_of(Session& session, std::string_view owner,
                  const std::vector<Migration>& migrations);

// From a header of gantry_embed_migrations: the list of one engine.  throws Invalid: it has none.
template <class Engines>
std::vector<Migration> embedded_migrations(std::string_view owner, const Engines& engines,
                                           std::string_view engine);

// Lower-case hexadecimal SHA-256.
std::string sha256_hex(std::string_view text);

[[noreturn]] void no_migrations_for(std::string_view owner, std::string_view engine);

template <class Engines>
std::vector<Migration> embedded_migrations(std::string_view owner, const Engines& engines,
                                           std::string_view engine) {
  for (const auto& one : engines) {
    if (engine != one.engine) continue;
    std::vector<Migration> list;
    for (unsigned i = 0; i < one.count; ++i) {
      list.push_back(
          {std::string(owner), one.files[i].number, one.files[i].name, one.files[i].sql});
    }
    return list;
  }
  no_migrations_for(owner, engine);
}

}  // namespace gantry::sql
