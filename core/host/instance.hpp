// The id under which this server owns leases in databases that it shares with others.
#pragma once
#include <string>

#include "core/base/ids.hpp"
#include "core/host/data_directory.hpp"

namespace gantry::host {

// Made at the first start and kept in the data directory, as the file "instance". Whoever has the
// lock of the directory is the only server of that id: what it finds leased to itself is left over
// from before a crash and can be taken back at once, without waiting for the lease to run out.
//   throws  Unavailable  the file cannot be read or written
std::string instance_of(const DataDirectory& data, base::Ids& ids);

}  // namespace gantry::host
