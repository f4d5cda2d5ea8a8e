#include "core/verify/view.hpp"

namespace gantry::verify {

View::View(Database* projections, Report& report, const std::string& consumer,
           const std::string& table)
    : projections_(projections), report_(report), consumer_(consumer) {
  if (projections == nullptr || !projections->has_table("es_checkpoint")) return;
  const auto row = projections->look_up(
      "SELECT position FROM es_checkpoint WHERE consumer = $1 ORDER BY version DESC LIMIT 1",
      {consumer});
  if (row->next())
    position_ = row->integer(0);
  else if (projections->has_table(table) &&
           projections->query("SELECT 1 FROM " + table + " LIMIT 1")->next())
    differs(table + " has rows and no checkpoint");
}

bool View::is_due(int64_t next_position) {
  if (!position_ || next_position <= *position_) return false;
  position_.reset();
  return true;
}

void View::differs(const std::string& what) const {
  report_.broken(Invariant::views, 0, consumer_ + ": " + what);
}

void View::compared(int64_t rows, std::string_view things) const {
  report_.checked(Invariant::views, rows, things);
}

}  // namespace gantry::verify
