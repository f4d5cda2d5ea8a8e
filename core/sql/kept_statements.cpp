#include "core/sql/kept_statements.hpp"

#include <algorithm>

namespace gantry::sql {

SqliteStatement KeptStatements::take(std::string_view text) {
  const auto found = kept_.find(text);
  if (found == kept_.end() || found->second.used == 0) {
    ++prepared_;
    return SqliteStatement(db_, text);
  }
  found->second.used = 0;  // taken; the node stays so that a steady caller allocates nothing
  return std::move(found->second.statement);
}

void KeptStatements::keep(std::string_view text, SqliteStatement statement) {
  const auto found = kept_.find(text);
  if (found != kept_.end()) {
    found->second.statement = std::move(statement);
    found->second.used = ++uses_;
    return;
  }
  if (kept_.size() >= kKeptMax) {
    kept_.erase(std::min_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) {
      return a.second.used < b.second.used;
    }));
  }
  kept_.emplace(std::string(text), Kept{std::move(statement), ++uses_});
}

}  // namespace gantry::sql
