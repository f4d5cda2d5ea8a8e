#include "core/verify/run.hpp"

#include <fstream>

#include "core/verify/checkpoints.hpp"
#include "core/verify/client_history.hpp"
#include "core/verify/database.hpp"
#include "core/verify/deals.hpp"
#include "core/verify/dense_log.hpp"
#include "core/verify/money.hpp"
#include "core/verify/projected.hpp"
#include "core/verify/reservations.hpp"
#include "core/verify/seats.hpp"
#include "core/verify/subscriber.hpp"
#include "core/verify/timers.hpp"

namespace gantry::verify {
namespace {

constexpr int64_t kProgressEvery = 4096;

void read_log(Database& events, const std::string& where, const std::vector<Fold*>& folds,
              const Progress& progress) {
  const auto highest = events.query("SELECT coalesce(max(position), 0) FROM es_event");
  const int64_t all = highest->next() ? highest->integer(0) : 0;
  const auto row = events.query(
      "SELECT e.position, e.stream_id, e.version, e.event_id, e.type, e.data, e.meta, "
      "e.recorded_at, e.crc32, coalesce(s.name, '') FROM es_event e "
      "LEFT JOIN es_stream s ON s.stream_id = e.stream_id " +
      where + " ORDER BY e.position");
  JsonText json;
  for (int64_t done = 1; row->next(); ++done) {
    const Event event{row->integer(0), row->integer(1), row->integer(2), row->uuid(3),
                      row->bytes(4),   row->bytes(5),   row->bytes(6),   row->integer(7),
                      row->integer(8), row->bytes(9)};
    const Json data = json.parse(event.data);
    for (Fold* fold : folds) fold->see(event, data);
    if (done % kProgressEvery == 0) progress(event.position, all);
  }
  for (Fold* fold : folds) fold->end();
}

// Two are opened: which of them cannot be.
std::unique_ptr<Database> opened_as(const std::string& called, const std::string& url) {
  try {
    return open_database(url);
  } catch (const CannotRead& error) {
    throw CannotRead(called + ": " + error.what());
  }
}

std::ifstream opened(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw CannotRead("cannot read " + file);
  return in;
}

void check_timers(Database& events, int64_t grace_us, Report& report, const Progress& progress) {
  Timers timers(events, grace_us, report);
  read_log(events,
           std::string("WHERE e.type = '") + Timers::kFired +
               "' OR e.position = (SELECT max(position) FROM es_event)",
           {&timers}, progress);
}

}  // namespace

Report run(const Sources& sources, const Progress& progress) {
  // The moment of the read models comes before that of the log, that of the ledger after it: none
  // can then know of something that the log does not have yet, or the log of a charge not yet made.
  const auto projections =
      sources.projections.empty() ? nullptr : opened_as("the read models", sources.projections);
  const auto events = opened_as("the log", sources.events);
  const auto ledger =
      sources.projections.empty() ? nullptr : opened_as("the read models", sources.projections);
  if (!events->has_table("es_event"))
    throw CannotRead("there is no event log in " + events->where());

  Report report;
  int64_t head = 0;
  {
    DenseLog dense(*events, report);
    Seats seats(projections.get(), report);
    Reservations reservations(projections.get(), report);
    Money money(projections.get(), ledger.get(), report);
    Projected projected(projections.get(), report);
    read_log(*events, "", {&dense, &seats, &reservations, &money, &projected}, progress);
    head = dense.head();
    check_deals(seats, money, reservations, *events, report);
  }
  check_event_ids(*events, report);
  check_timers(*events, sources.timer_grace_s * 1'000'000, report, progress);
  check_checkpoints(*events, *events, "events", report);
  if (projections) check_checkpoints(*projections, *events, "projections", report);
  if (!sources.history.empty()) {
    auto lines = opened(sources.history);
    ClientHistory(*events, report, head).check(lines);
  }
  for (const std::string& file : sources.subscribers) {
    auto lines = opened(file);
    check_subscriber(lines, file, head, report);
  }
  return report;
}

}  // namespace gantry::verify
