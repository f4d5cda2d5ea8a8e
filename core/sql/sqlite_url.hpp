// Which file a database URL means.
#pragma once
#include <string>
#include <string_view>

namespace gantry::sql {

// "sqlite:/abs/events.db" is that file; "sqlite:events.db" lies below data_dir.
//   throws Invalid  another engine, no file, or a relative path with ".." in it
std::string sqlite_file(std::string_view url, std::string_view data_dir);

}  // namespace gantry::sql
