#include "core/host/instance.hpp"

#include <filesystem>
#include <fstream>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {
// "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"; anything else is what a crash left of the first start.
constexpr size_t kIdBytes = 36;
}  // namespace

std::string instance_of(const DataDirectory& data, base::Ids& ids) {
  const std::string file = data.path() + "/instance";
  std::string id;
  if (std::getline(std::ifstream(file) >> std::ws, id) && id.size() == kIdBytes) return id;
  id = ids.uuid7().text();
  const std::string fresh = file + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  out << id << '\n';
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(fresh, file, failed);
  if (!out || failed) throw Error(Code::kUnavailable, join("cannot write ", file));
  return id;
}

}  // namespace gantry::host
