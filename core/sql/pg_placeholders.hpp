// Our statements have `?` where PostgreSQL wants $1, $2 …
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace gantry::sql {

struct PgText {
  std::string sql;
  // One for each parameter: it is only asked whether it is null, so its value need not be sent.
  std::vector<bool> only_null_counts;
};

// `?` becomes $n, outside of strings, names in quotes and comments; `? IS [NOT] NULL` becomes
// CAST($n AS text) IS [NOT] NULL, because nothing tells PostgreSQL that parameter's type. All other
// types are left to the server. PostgreSQL's own operators with a `?` in them cannot be written.
PgText with_numbered_parameters(std::string_view statement);

}  // namespace gantry::sql
