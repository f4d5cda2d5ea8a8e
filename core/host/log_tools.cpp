#include "core/host/log_tools.hpp"

#include <optional>

#include "core/host/data_directory.hpp"
#include "core/runtime/system_clock.hpp"
#include "core/sql/pg_url.hpp"

namespace gantry::host {
namespace {

log::LogOptions options_of(const std::string& url, const CopyRequest& request) {
  log::LogOptions options;
  options.database.name = "events";
  options.database.url = url;
  options.database.data_dir = request.data_dir;
  options.database.postgresql.insecure_transport = request.insecure_transport;
  return options;
}

}  // namespace

log::Copied copy_log(const CopyRequest& request,
                     const std::function<void(const log::CopyProgress&)>& told) {
  std::optional<DataDirectory> locked;
  if (!sql::is_pg_url(request.from) || !sql::is_pg_url(request.to))
    locked.emplace(request.data_dir);
  const runtime::SystemClock clock;
  return log::copy_log(options_of(request.from, request), options_of(request.to, request), clock,
                       told);
}

}  // namespace gantry::host
