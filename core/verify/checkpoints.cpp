#include "core/verify/checkpoints.hpp"

namespace gantry::verify {

void check_checkpoints(Database& checkpoints, Database& events, const std::string& where,
                       Report& report) {
  if (!checkpoints.has_table("es_checkpoint")) return;
  int64_t rows = 0;
  const auto row =
      checkpoints.query("SELECT consumer, version, position, event_id FROM es_checkpoint");
  for (; row->next(); ++rows) {
    const int64_t position = row->integer(2);
    const std::string name =
        std::string(row->bytes(0)) + " v" + std::to_string(row->integer(1)) + " in " + where;
    const auto broken = [&](const std::string& what) {
      report.broken(Invariant::projected, position, name + ": " + what);
    };
    if (position == 0) {
      if (!row->is_null(3)) broken("stands at 0 and names an event");
      continue;
    }
    const auto event =
        events.look_up("SELECT event_id FROM es_event WHERE position = $1", {position});
    if (!event->next())
      broken("the log has no such position");
    else if (row->is_null(3) || event->bytes(0) != row->bytes(3))
      broken("the event there is another one");
  }
  report.checked(Invariant::projected, rows, "checkpoints");
}

}  // namespace gantry::verify
