// What is done to the event log while no server runs on it.
#pragma once
#include <functional>
#include <string>

#include "core/log/copy.hpp"

namespace gantry::host {

struct CopyRequest {
  std::string from, to;             // URLs as under storage.events
  std::string data_dir;             // of sqlite: paths that are not absolute; locked meanwhile
  bool insecure_transport = false;  // as storage.postgresql.insecure_transport
};

//   throws  as log::copy_log; Invalid  a URL; Unavailable  a server uses the data directory
log::Copied copy_log(const CopyRequest& request,
                     const std::function<void(const log::CopyProgress&)>& told);

}  // namespace gantry::host
