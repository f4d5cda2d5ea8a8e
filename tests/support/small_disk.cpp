#include "tests/support/small_disk.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <string>

namespace gantry::tests {

SmallDisk::SmallDisk(int megabytes) {
  const std::string size = "size=" + std::to_string(megabytes) + "m,mode=0755";
  mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, size.c_str()) == 0;
}

SmallDisk::~SmallDisk() {
  if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
}

void SmallDisk::fill() {
  const int fd = ::open((path() + "/filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::string block(65536, 'x');
  for (size_t size = block.size(); size > 0; size /= 2) {
    while (::write(fd, block.data(), size) == static_cast<ssize_t>(size)) {
    }
  }
  ::close(fd);
}

void SmallDisk::free() { ::unlink((path() + "/filler").c_str()); }

}  // namespace gantry::tests
