#include "core/verify/reservations.hpp"

namespace gantry::verify {
namespace {
constexpr std::string_view kCategory = "reservation";
}  // namespace

Reservations::Reservations(Database* projections, Report& report)
    : view_(projections, report, "reservations.view", "reservations_view") {}

std::string_view Reservations::name_of(State state) {
  constexpr std::string_view kNames[] = {"absent",  "held",      "paying", "confirmed",
                                         "expired", "cancelled", "failed"};
  return kNames[static_cast<size_t>(state)];
}

void Reservations::see(const Event& event, Json) {
  if (view_.is_due(event.position)) compare();
  if (!event.is_of(kCategory)) return;
  const auto id = Uuid::from_text(event.stream_key(kCategory));
  if (!id) return;
  Reservation& reservation = reservations_[*id];
  reservation.version = static_cast<uint32_t>(event.version);
  const auto enter = [&](std::string_view type, State state) {
    if (event.type == type) reservation.state = state;
  };
  enter("reservations.held.v1", State::held);
  enter("reservations.payment_started.v1", State::paying);
  enter("reservations.payment_declined.v1", State::held);
  enter("reservations.confirmed.v1", State::confirmed);
  enter("reservations.expired.v1", State::expired);
  enter("reservations.cancelled.v1", State::cancelled);
  enter("reservations.failed.v1", State::failed);
}

void Reservations::end() {
  if (view_.is_due_at_end()) compare();
}

void Reservations::compare() {
  if (!view_.database().has_table("reservations_view")) return;
  int64_t rows = 0, known = 0;
  const auto row = view_.database().query("SELECT id, state, version FROM reservations_view");
  for (; row->next(); ++rows) {
    const std::string name(row->bytes(0));
    const auto id = Uuid::from_text(name);
    const auto at = id ? reservations_.find(*id) : reservations_.end();
    if (at == reservations_.end()) {
      view_.differs("reservation " + name + " is not in the log");
      continue;
    }
    ++known;
    if (row->bytes(1) != name_of(at->second.state))
      view_.differs("reservation " + name + " is " + std::string(row->bytes(1)) +
                    ", the log says " + std::string(name_of(at->second.state)));
    if (row->integer(2) != at->second.version)
      view_.differs("reservation " + name + " is at version " + std::to_string(row->integer(2)) +
                    ", the log says " + std::to_string(at->second.version));
  }
  if (known != static_cast<int64_t>(reservations_.size()))
    view_.differs(std::to_string(static_cast<int64_t>(reservations_.size()) - known) +
                  " reservations have no row");
  view_.compared(rows, "reservations");
}

}  // namespace gantry::verify
