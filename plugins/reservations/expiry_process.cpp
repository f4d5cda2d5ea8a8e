#include "expiry_process.hpp"

#include <algorithm>

#include "gantry/abi/timers.h"
#include "inventory_client.hpp"

namespace gantry::reservations {
namespace {

void expire(Desk& desk, Unit& unit, const Uuid& id, Instant due) {
  // The log's clock has reached `due`, whatever this instance's says.
  const Instant now = std::max(desk.host.now(), due);
  const auto decided = desk.reservations.decide(unit, id.text(), Reservation::Expire{now});
  if (!decided || decided->events.empty()) return;  // paid, cancelled or extended meanwhile
  InventoryClient(desk.host, unit).release(id, *decided->state, GANTRY_RELEASE_EXPIRED, now);
}

}  // namespace

void expire_when_due(Desk& desk, const StoredEvent& stored) {
  if (stored.type() != GANTRY_TIMER_FIRED) return;
  const JsonDocument data(desk.host.json(), stored.data());
  if (data["key"].text() != kExpiryTimer) return;
  const Uuid id = Uuid::parse(stored.stream_id()).value();
  const Instant due = data["due_at"].instant();
  const std::string causation = stored.id().text();
  commit_unit(desk.host, command_for(kExpiryProcess, stored.id()), {{}, kExpiryProcess, causation},
              [&](Unit& unit) { expire(desk, unit, id, due); });
}

}  // namespace gantry::reservations
