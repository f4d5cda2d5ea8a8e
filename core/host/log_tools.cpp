#include "core/host/log_tools.hpp"

#include <filesystem>
#include <optional>

#include "core/config/quote.hpp"
#include "core/config/substitute.hpp"
#include "core/host/database_files.hpp"
#include "core/runtime/system_clock.hpp"
#include "core/sql/pg_url.hpp"
#include "core/sql/sqlite_url.hpp"
#include "core/sql/storage_url.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {
namespace fs = std::filesystem;

// Where a log is, as the command names it.
struct Place {
  std::string option;  // "--from"
  log::LogOptions log;
  std::string file;  // absolute; empty: PostgreSQL
};

std::string fault_of(const sql::DatabaseOptions& database) try {
  if (sql::is_pg_url(database.url))
    return sql::PgUrl(database.url).transport_fault(database.postgresql, "--insecure-transport");
  return sql::fault_of_url(database.url, database.data_dir, database.postgresql);
} catch (const Error& error) {
  return error.detail();
}

Place place_of(const std::string& option, const std::string& written, const CopyRequest& request) {
  Place place{option, {}, {}};
  const auto url = config::substituted(written, config::process_environment());
  if (!url.ok()) throw Error(Code::kInvalid, join(option, ": ", url.reason()));
  sql::DatabaseOptions& database = place.log.database;
  database.url = *url;
  database.data_dir = request.data_dir;
  database.postgresql.insecure_transport = request.insecure_transport;
  if (const std::string fault = fault_of(database); !fault.empty())
    throw Error(Code::kInvalid, join(option, " ", config::redacted(*url), ": ", fault));
  if (!sql::is_pg_url(*url)) place.file = sql::sqlite_file(*url, request.data_dir);
  database.name = place.file.empty() ? config::redacted(*url) : place.file;
  return place;
}

// Before anything is made or locked.
void check_files(const Place& from, const Place& to) {
  std::error_code failed;  // then whoever opens it says why
  if (!from.file.empty() && !fs::exists(from.file, failed) && !failed)
    throw Error(Code::kInvalid, join("--from: there is no file ", from.file,
                                     "; a relative path lies below --data-dir"));
  if (!from.file.empty() && !to.file.empty() && fs::equivalent(from.file, to.file, failed))
    throw Error(Code::kInvalid, join("--from and --to are the same file, ", from.file));
}

// The one that a server takes for as long as it runs.
std::optional<FileLock> locked(const Place& place) {
  if (place.file.empty()) return std::nullopt;
  return std::optional<FileLock>(std::in_place, canonical_file(place.file) + ".lock",
                                 join(place.option, " ", place.file), "name another file");
}

}  // namespace

log::Copied copy_log(const CopyRequest& request,
                     const std::function<void(const log::CopyProgress&)>& told) {
  const Place from = place_of("--from", request.from, request),
              to = place_of("--to", request.to, request);
  check_files(from, to);
  const auto source_lock = locked(from), target_lock = locked(to);
  const runtime::SystemClock clock;
  return log::copy_log(from.log, to.log, clock, told);
}

}  // namespace gantry::host
