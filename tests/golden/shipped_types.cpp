#include "tests/golden/shipped_types.hpp"

#include "core/log/timer_events.hpp"
#include "plugins/events/inventory.hpp"
#include "plugins/events/inventory_schemas.hpp"
#include "plugins/events/ticketed_event.hpp"
#include "plugins/events/ticketed_event_schemas.hpp"
#include "plugins/payments/payment.hpp"
#include "plugins/payments/payment_schemas.hpp"
#include "plugins/reservations/reservation.hpp"
#include "plugins/reservations/reservation_schemas.hpp"
#include "tests/unit/events/json_table.hpp"

namespace gantry::golden {
namespace {

const gantry_json& json() {
  static const gantry_json table = testing_json::table();
  return table;
}

template <class Table>
void add(std::vector<log::DeclaredType>& all, const Table& table) {
  for (const EventType& one : table) {
    log::Upcast upcast;
    if (one.upcast) {
      upcast = [step = one.upcast](std::string_view data) {
        return step(JsonDocument(json(), data).root());
      };
    }
    all.push_back(log::declared_type(one.type, one.schema, std::move(upcast)));
  }
}

template <class A>
std::string again(const std::string& type, const std::string& data) {
  const NewEvent encoded = A::encode(A::decode(type, JsonDocument(json(), data).root()));
  if (encoded.type != type)
    throw Error(Code::kInternal, join(type, " is encoded as ", encoded.type));
  return encoded.data;
}

}  // namespace

std::vector<log::DeclaredType> shipped_types() {
  std::vector<log::DeclaredType> all{log::declared_type(log::kTimerFired, log::kTimerFiredSchema)};
  add(all, events::kTicketedEvents);
  add(all, events::kInventoryEvents);
  add(all, reservations::kReservationEvents);
  add(all, payments::kPaymentEvents);
  return all;
}

std::string through_its_codec(const std::string& type, const std::string& data) {
  if (type.starts_with("events.inventory_")) return again<events::Inventory>(type, data);
  if (type.starts_with("events.")) return again<events::TicketedEvent>(type, data);
  if (type.starts_with("reservations.")) return again<reservations::Reservation>(type, data);
  if (type.starts_with("payments.")) return again<payments::Payment>(type, data);
  return data;
}

}  // namespace gantry::golden
