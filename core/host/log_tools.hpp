// What is done to the event log while no server runs on it.
#pragma once
#include <functional>
#include <string>

#include "core/log/copy.hpp"

namespace gantry::host {

struct CopyRequest {
  std::string from, to;             // URLs as under storage.events, with ${…}
  std::string data_dir;             // of sqlite: paths that are not absolute
  bool insecure_transport = false;  // as storage.postgresql.insecure_transport
};

// Locks the files, as a server does.
//   throws  as log::copy_log; Invalid  a URL, or no such file; Unavailable  a server uses one
log::Copied copy_log(const CopyRequest& request,
                     const std::function<void(const log::CopyProgress&)>& told);

}  // namespace gantry::host
