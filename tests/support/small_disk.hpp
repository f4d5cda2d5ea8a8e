// SmallDisk: a file system of a few megabytes in memory, to be filled by a test. Needs root.
#pragma once
#include <string>

#include "tests/support/temporary_directory.hpp"

namespace gantry::tests {

class SmallDisk {
 public:
  explicit SmallDisk(int megabytes);
  ~SmallDisk();  // unmounts; whoever works on it must have ended
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  const std::string& path() const { return directory_.path(); }
  void fill();  // to the last byte
  void free();  // what fill() took

 private:
  const TemporaryDirectory directory_;
  bool mounted_ = false;
};

}  // namespace gantry::tests
