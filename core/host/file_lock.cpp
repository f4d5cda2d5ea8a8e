#include "core/host/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {

// " (process 4711)", or nothing when the holder has not written it yet.
std::string holder_of(int fd) {
  char holder[32] = {};
  const ssize_t n = ::read(fd, holder, sizeof holder - 1);
  if (n <= 0) return {};
  return join(" (process ", std::string_view(holder, static_cast<size_t>(n)), ")");
}

bool write_process_id(int fd) {
  const std::string pid = to_text(::getpid());
  return ::ftruncate(fd, 0) == 0 &&
         ::pwrite(fd, pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
}

}  // namespace

FileLock::FileLock(const std::string& file, std::string_view what, std::string_view advice) {
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0)
    throw Error(Code::kUnavailable,
                join("cannot lock ", what, ": ", file, ": ", std::strerror(errno)));
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const std::string holder = holder_of(fd_);
    ::close(fd_);
    throw Error(Code::kUnavailable,
                join(what, " is in use by another server", holder, "; stop it or ", advice));
  }
  if (!write_process_id(fd_)) {
    const std::string why = std::strerror(errno);
    ::close(fd_);
    throw Error(Code::kUnavailable, join("cannot lock ", what, ": cannot write ", file, ": ", why));
  }
}

FileLock::~FileLock() { ::close(fd_); }

}  // namespace gantry::host
