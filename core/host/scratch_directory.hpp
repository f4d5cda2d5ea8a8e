// ScratchDirectory: a directory for one moment, below the system's temporary directory.
#pragma once
#include <string>
#include <string_view>

namespace gantry::host {

class ScratchDirectory {
 public:
  // Makes <temporary directory>/<name>-XXXXXX, mode 0700.  throws Unavailable
  explicit ScratchDirectory(std::string_view name);
  // Removes it with everything in it.
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace gantry::host
