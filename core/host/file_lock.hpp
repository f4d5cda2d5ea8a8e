// FileLock: one server at a time. The lock ends with the process, however it ends.
#pragma once
#include <string>
#include <string_view>

namespace gantry::host {

class FileLock {
 public:
  // Makes `file` when missing, locks it and writes our process id into it.
  //   what    what it stands for: "the data directory /var/lib/gantry"
  //   advice  what to do instead: "choose another with --data-dir"
  //   throws  Unavailable  cannot be made, or another server has it (says its process id)
  FileLock(const std::string& file, std::string_view what, std::string_view advice);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace gantry::host
