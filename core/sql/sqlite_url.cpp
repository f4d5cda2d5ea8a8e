#include "core/sql/sqlite_url.hpp"

#include <filesystem>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {
// Without user, password and options: this goes into logs.
std::string_view scheme_of(std::string_view url) { return url.substr(0, url.find(':')); }
}  // namespace

std::string sqlite_file(std::string_view url, std::string_view data_dir) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!url.starts_with(kScheme)) {
    throw Error(
        Code::kInvalid,
        join("'", scheme_of(url),
             "' is no known database; use sqlite:<file> or postgresql://user@host/database"));
  }
  const std::string_view name = url.substr(kScheme.size());
  // ":memory:" and "file:" mean something else to SQLite; each session would see its own database.
  if (name.empty() || name.front() == ':' || name.starts_with("file:") ||
      name.find('\0') != name.npos) {
    throw Error(Code::kInvalid, join("'", url, "' names no file; use sqlite:<file>"));
  }
  const std::filesystem::path path(name);
  if (path.is_absolute()) return path.string();
  for (const auto& part : path) {
    if (part == "..") throw Error(Code::kInvalid, join("'", url, "' leaves the data directory"));
  }
  return (std::filesystem::absolute(std::filesystem::path(data_dir)) / path)
      .lexically_normal()
      .string();
}

}  // namespace gantry::sql
