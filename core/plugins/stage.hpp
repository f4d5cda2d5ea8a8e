// Staging: the bytes that were verified, under a name made of their content, so that no other file
// can ever be loaded under it and each version of a plugin has its own mapping.
#pragma once
#include <string>

#include "core/plugins/verify.hpp"

namespace gantry::plugins {

// Writes <data_dir>/plugins/<id>/<sha256>.so (mode 0500, directories 0700) unless it is already
// there, whole and synced before it has that name. Returns its path.
//   throws  gantry::Error Unavailable  the file system says no
//   thread  [setup] blocks on file I/O
std::string stage(const Verified& plugin, const std::string& data_dir);

}  // namespace gantry::plugins
