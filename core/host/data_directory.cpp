#include "core/host/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
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
  const std::string file = path_ + "/gantry.lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0)
    throw Error(Code::kUnavailable,
                join("cannot write in the data directory ", path_, ": ", std::strerror(errno)));
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t n = ::read(lock_, holder, sizeof holder - 1);
    ::close(lock_);
    throw Error(
        Code::kUnavailable,
        join("the data directory ", path_, " is in use by another server",
             n > 0 ? join(" (process ", std::string_view(holder, static_cast<size_t>(n)), ")")
                   : std::string(),
             "; stop it or choose another with --data-dir"));
  }
  const std::string pid = to_text(::getpid());
  if (::ftruncate(lock_, 0) != 0 ||
      ::pwrite(lock_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    ::close(lock_);
    throw Error(Code::kUnavailable,
                join("cannot write in the data directory ", path_, ": ", std::strerror(errno)));
  }
}

DataDirectory::~DataDirectory() { ::close(lock_); }

}  // namespace gantry::host
