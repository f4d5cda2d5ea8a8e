#include "core/host/data_directory.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::host {

DataDirectory::DataDirectory(const std::string& path) {
  std::error_code failed;
  const bool made = std::filesystem::create_directories(path, failed);
  if (failed)
    throw Error(Code::kUnavailable,
                join("cannot make the data directory ", path, ": ", failed.message()));
  if (made) ::chmod(path.c_str(), 0700);
  path_ = std::filesystem::canonical(path).string();
  lock_ = std::make_unique<FileLock>(path_ + "/gantry.lock", join("the data directory ", path_),
                                     "choose another with --data-dir");
}

}  // namespace gantry::host
