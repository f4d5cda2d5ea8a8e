#include "core/host/database_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/sql/sqlite_url.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace fs = std::filesystem;

std::string canonical_file(const std::string& file) {
  std::error_code failed;
  fs::create_directories(fs::path(file).parent_path(), failed);
  if (failed)
    throw Error(Code::kUnavailable, join("create the folder of ", file, ": ", failed.message()));
  const fs::path real = fs::weakly_canonical(file, failed);
  return failed ? file : real.string();
}

DatabaseFiles::File::File(const std::string& at, const std::string& database)
    : path(at), lock(at + ".lock", join("the database ", at), "name another file in storage:") {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  struct stat status {};
  const bool known = fd >= 0 && ::fstat(fd, &status) == 0;
  const std::string why = std::strerror(errno);
  if (fd >= 0) ::close(fd);
  if (!known)
    throw Error(Code::kUnavailable, join("cannot open ", path, " (storage.", database, "): ", why));
  device = status.st_dev;
  inode = status.st_ino;
}

DatabaseFiles::DatabaseFiles(const std::map<std::string, sql::DatabaseOptions>& databases) {
  std::map<std::string, std::shared_ptr<File>> by_path;
  for (const auto& [name, options] : databases) {
    if (!options.url.starts_with("sqlite:")) continue;
    const std::string path = canonical_file(sql::sqlite_file(options.url, options.data_dir));
    auto& file = by_path[path];
    if (!file) file = std::make_shared<File>(path, name);
    files_.emplace(name, file);
  }
}

std::string DatabaseFiles::trouble(const std::string& database) const {
  const auto found = files_.find(database);
  if (found == files_.end()) return {};
  const File& file = *found->second;
  struct stat status {};
  if (::stat(file.path.c_str(), &status) != 0) return "file_gone";
  if (status.st_dev != file.device || status.st_ino != file.inode) return "file_replaced";
  struct statvfs space {};
  if (::statvfs(file.path.c_str(), &space) == 0 &&
      static_cast<uint64_t>(space.f_bavail) * space.f_frsize < kFreeBytesMin)
    return "no_space";
  return {};
}

}  // namespace gantry::host
