#include "core/plugins/stage.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/config/source_text.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
[[noreturn]] void fail(std::string_view what, const std::string& path) {
  throw Error(Code::kUnavailable, join("cannot ", what, " ", path, ": ", std::strerror(errno),
                                       "; check that the data directory is writable and has room"));
}

void make_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail("create", path);
}

void sync_directory(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) fail("open", path);
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  if (!synced) fail("sync", path);
}

void write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("write", path);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

// A file that is gone again unless it was renamed.
class Temporary {
 public:
  explicit Temporary(std::string pattern) : path_(std::move(pattern)) {
    fd_ = ::mkostemp(path_.data(), O_CLOEXEC);
    if (fd_ < 0) fail("create", path_);
  }
  ~Temporary() {
    ::close(fd_);
    if (!renamed_) ::unlink(path_.c_str());
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  void fill(std::string_view bytes) {
    write_all(fd_, bytes, path_);
    if (::fchmod(fd_, 0500) != 0) fail("protect", path_);
    if (::fsync(fd_) != 0) fail("sync", path_);
  }
  void rename_to(const std::string& name) {
    if (::rename(path_.c_str(), name.c_str()) != 0) fail("rename", path_);
    renamed_ = true;
  }

 private:
  std::string path_;
  int fd_ = -1;
  bool renamed_ = false;
};

// Same bytes already there? Then it stays: it may be mapped.
bool holds(const std::string& path, const std::string& bytes) {
  const auto there = config::read_file(path, kPluginBytesMax);
  return there && *there == bytes;
}
}  // namespace

std::string stage(const Verified& plugin, const std::string& data_dir) {
  std::error_code ignored;  // make_directory below says what is wrong
  std::filesystem::create_directories(data_dir, ignored);
  const std::string all = join(data_dir, "/plugins");
  const std::string folder = join(all, "/", plugin.manifest.id);
  make_directory(all);
  make_directory(folder);
  const std::string path = join(folder, "/", plugin.sha256, ".so");
  if (holds(path, plugin.bytes)) return path;
  Temporary file(join(folder, "/.", plugin.sha256, ".XXXXXX"));
  file.fill(plugin.bytes);
  file.rename_to(path);
  sync_directory(folder);
  return path;
}

}  // namespace gantry::plugins
