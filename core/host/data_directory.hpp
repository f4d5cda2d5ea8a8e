// DataDirectory: the directory of databases and state, locked for one server at a time.
#pragma once
#include <memory>
#include <string>

#include "core/host/file_lock.hpp"

namespace gantry::host {

class DataDirectory {
 public:
  // Makes it when missing (mode 0700) and takes its lock, gantry.lock; the lock ends with the
  // process.
  //   throws  Unavailable  cannot be made or written, or another server uses it (says its process
  //   id)
  explicit DataDirectory(const std::string& path);
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  const std::string& path() const { return path_; }  // absolute

 private:
  std::string path_;
  std::unique_ptr<FileLock> lock_;
};

}  // namespace gantry::host
