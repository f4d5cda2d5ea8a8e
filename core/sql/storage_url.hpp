// What may be written under storage: in the configuration.
#pragma once
#include <string>
#include <string_view>

#include "core/sql/pg_options.hpp"

namespace gantry::sql {

// What is wrong with a storage URL, as one sentence without secrets; empty: nothing. Looks at the
// file system, changes nothing.
std::string fault_of_url(std::string_view url, const std::string& data_dir,
                         const PgOptions& postgresql);

}  // namespace gantry::sql
