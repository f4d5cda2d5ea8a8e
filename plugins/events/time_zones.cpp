#include "time_zones.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "gantry/text.hpp"

namespace gantry::events {
namespace {

// Letters, digits, "_", "+", "-" in parts that are divided by "/": nothing leads out of the
// directory.
bool looks_like_one(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.back() == '/') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("_+-/").find(c) != std::string_view::npos;
  });
}

// Other views of the database, and the machine's own zone: names that mean nothing elsewhere.
bool is_local(std::string_view name) {
  return name.starts_with("posix/") || name.starts_with("right/") || name == "localtime" ||
         name == "posixrules" || name == "Factory";
}

}  // namespace

bool TimeZones::knows(std::string_view name) const {
  if (!looks_like_one(name) || is_local(name)) return false;
  std::error_code failed;
  if (!std::filesystem::is_directory(directory_, failed)) return true;
  const std::string file = join(directory_, '/', name);
  if (!std::filesystem::is_regular_file(file, failed)) return false;
  char magic[4] = {};
  std::ifstream(file, std::ios::binary).read(magic, sizeof magic);
  return std::string_view(magic, sizeof magic) == "TZif";
}

}  // namespace gantry::events
