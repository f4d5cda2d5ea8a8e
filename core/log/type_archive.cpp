#include "core/log/type_archive.hpp"

#include "gantry/text.hpp"

namespace gantry::log {
namespace {

std::string sha256_of(sql::Session& session, const TypeName& type) {
  std::string found;
  session.query("SELECT sha256 FROM es_schema WHERE name = ? AND version = ?",
                {type.name, int64_t{type.version}}, [&](const sql::Row& row) {
                  found = std::get<std::string_view>(row[0]);
                  return true;
                });
  return found;
}

int64_t current_of(sql::Session& session, std::string_view name) {
  int64_t current = 0;
  session.query("SELECT current_version FROM es_event_type WHERE name = ?", {name},
                [&](const sql::Row& row) {
                  current = std::get<int64_t>(row[0]);
                  return true;
                });
  return current;
}

void keep_one(sql::Session& session, const DeclaredType& declared, Instant now) {
  const TypeName type = *parse_type(declared.type);
  const int64_t version = type.version;
  session.exec(
      "INSERT INTO es_event_type (name, current_version) VALUES (?, ?) "
      "ON CONFLICT (name) DO UPDATE SET current_version = excluded.current_version "
      "WHERE es_event_type.current_version < excluded.current_version",
      {type.name, version});
  session.exec(
      "INSERT INTO es_schema (name, version, schema, sha256, registered_at) "
      "VALUES (?, ?, ?, ?, ?) ON CONFLICT (name, version) DO NOTHING",
      {type.name, version, std::string_view(declared.schema), std::string_view(declared.sha256),
       now.us()});
  const std::string kept = sha256_of(session, type);
  if (kept == declared.sha256) return;
  const auto next = static_cast<uint32_t>(current_of(session, type.name)) + 1;
  throw Error(
      Code::kInvalid,
      join(declared.type, " was registered with another schema (sha256 ", kept, ", now ",
           declared.sha256, "): never change a released version, add ", type.of_version(next)));
}

}  // namespace

std::vector<ArchivedType> TypeArchive::list() {
  std::vector<ArchivedType> all;
  const sql::Lease session = events_.reader();
  session->query("SELECT name, current_version FROM es_event_type ORDER BY name", {},
                 [&](const sql::Row& row) {
                   all.push_back({std::string(std::get<std::string_view>(row[0])),
                                  static_cast<uint32_t>(std::get<int64_t>(row[1]))});
                   return true;
                 });
  return all;
}

void TypeArchive::keep(const std::vector<DeclaredType>& types) {
  if (types.empty()) return;
  const sql::Lease session = events_.writer();
  sql::Transaction transaction(*session);
  for (const DeclaredType& type : types) keep_one(*session, type, clock_.now());
  transaction.commit();
}

}  // namespace gantry::log
