#include "core/host/scratch_directory.hpp"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace fs = std::filesystem;

ScratchDirectory::ScratchDirectory(std::string_view name) {
  std::error_code failed;
  const fs::path all = fs::temp_directory_path(failed);
  if (failed)
    throw Error(Code::kUnavailable,
                join("there is no temporary directory (", failed.message(), "); set TMPDIR"));
  path_ = (all / join(name, "-XXXXXX")).string();
  if (!::mkdtemp(path_.data()))
    throw Error(Code::kUnavailable, join("cannot make ", path_, ": ", std::strerror(errno)));
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;  // nobody can do anything about it
  fs::remove_all(path_, ignored);
}

}  // namespace gantry::host
