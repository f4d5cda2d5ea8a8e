#include "core/sql/storage_url.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/sql/pg_url.hpp"
#include "core/sql/sqlite_url.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {
namespace fs = std::filesystem;

// Of the host, in the data directory. "gantry": its lock would be the data directory's.
constexpr std::array<std::string_view, 4> kReserved = {"gantry", "gantry.lock", "control.sock",
                                                       "plugins"};
// What SQLite and we put beside a database.
constexpr std::array<std::string_view, 4> kBeside = {"-wal", "-shm", "-journal", ".lock"};

std::string fault_of_file(const fs::path& file, const std::string& data_dir) {
  std::error_code failed;
  const std::string name = file.filename().string();
  if (name.empty() || name == "." || fs::is_directory(file, failed))
    return join(file.string(), " is a directory; name a file in it");
  const fs::path below = file.lexically_relative(fs::absolute(data_dir).lexically_normal());
  if (!below.empty() &&
      std::find(kReserved.begin(), kReserved.end(), below.begin()->string()) != kReserved.end())
    return join("\"", below.begin()->string(),
                "\" in the data directory is the server's own; choose another name");
  for (const std::string_view ending : kBeside) {
    if (name.ends_with(ending))
      return join("a name that ends in ", ending, " belongs to another database; choose another");
  }
  if (fs::exists(file, failed) && !fs::is_regular_file(file, failed))
    return join(file.string(), " is not a regular file");
  for (fs::path folder = file.parent_path(); folder != folder.root_path();
       folder = folder.parent_path()) {
    if (fs::exists(folder, failed) && !fs::is_directory(folder, failed))
      return join(folder.string(), " is not a directory");
  }
  return {};
}

}  // namespace

std::string fault_of_url(std::string_view url, const std::string& data_dir,
                         const PgOptions& postgresql) {
  try {
    if (is_pg_url(url)) return PgUrl(url).transport_fault(postgresql);
    return fault_of_file(sqlite_file(url, data_dir), data_dir);
  } catch (const Error& error) {
    return error.detail();
  }
}

}  // namespace gantry::sql
