#include "reservations_service.hpp"

#include "inventory_client.hpp"
#include "problems.hpp"

namespace gantry::reservations {
namespace {

using Answer = ReservationsService::Answer;
using Subject = ReservationsService::Subject;
using R = Reservation;

Answer refused(const R::Rejection& reason) { return {true, refusal_of(reason).json()}; }

// A decision on a reservation that is staged only after the inventory has agreed.
struct Step {
  std::optional<R::Rejection> no;
  Repository<R>::Considered considered;
  R::State before, after;

  bool changes() const { return !considered.events.empty(); }
  template <class E>
  const E* find() const {
    for (const R::Event& event : considered.events) {
      if (const E* found = std::get_if<E>(&event)) return found;
    }
    return nullptr;
  }
};

Step step(Desk& desk, Unit& unit, const Uuid& id, const R::Command& command) {
  auto considered = desk.reservations.consider(unit, id.text(), command);
  if (!considered) return {considered.reason(), {}, {}, {}};
  const R::State before = *considered->state;
  Step step{{}, std::move(*considered), before, before};
  for (const R::Event& event : step.considered.events) R::evolve(step.after, event);
  return step;
}

std::string terms_json(const R::State& state) {
  JsonWriter json;
  json.object()
      .field("event_id", state.terms.event_id)
      .field("owner_id", state.terms.owner_id)
      .field("title", state.terms.title)
      .field("starts_at", state.terms.starts_at);
  ticketing::write(json, "total", state.total);
  ticketing::write(json, "refund_rules", state.terms.refund_rules);
  json.field("attempts_left", state.attempts_left());
  return std::move(json.end()).text();
}

std::string attempts_json(const R::State& state) {
  JsonWriter json;
  json.object().field("attempts_left", state.attempts_left());
  return std::move(json.end()).text();
}

std::string tickets_json(const R::State& state) {
  JsonWriter json;
  json.object().array("ticket_ids");
  for (const Uuid& ticket : state.tickets) json.value(ticket);
  return std::move(json.end().end()).text();
}

}  // namespace

Answer ReservationsService::begin_payment(Unit& unit, const Subject& subject,
                                          std::string_view customer) {
  const Step begun = step(desk_, unit, subject.reservation,
                          R::BeginPayment{subject.payment, std::string(customer), subject.now});
  if (begun.no) return refused(*begun.no);
  if (const auto* extended = begun.find<R::HoldExtended>()) {
    const InventoryClient inventory(desk_.host, unit);
    if (const auto no = inventory.extend(subject.reservation, begun.before, extended->expires_at))
      return {true, no->text};
    unit.set_timer(stream_of(subject.reservation), kExpiryTimer, extended->expires_at);
  }
  desk_.reservations.stage(unit, begun.considered);
  return {false, terms_json(begun.after)};
}

Answer ReservationsService::payment_declined(Unit& unit, const Subject& subject) {
  const Step declined =
      step(desk_, unit, subject.reservation, R::Decline{subject.payment, subject.now});
  if (declined.no) return refused(*declined.no);
  if (declined.find<R::Failed>()) {
    InventoryClient(desk_.host, unit)
        .release(subject.reservation, declined.before, GANTRY_RELEASE_FAILED, subject.now);
    unit.cancel_timer(stream_of(subject.reservation), kExpiryTimer);
  }
  desk_.reservations.stage(unit, declined.considered);
  return {false, attempts_json(declined.after)};
}

Answer ReservationsService::confirm(Unit& unit, const Subject& subject) {
  R::Confirm command{subject.payment, {}, subject.now};
  const auto lines = desk_.reservations.look(unit, subject.reservation.text()).state->lines.size();
  for (size_t i = 0; i < lines; ++i) command.tickets.push_back(desk_.host.new_id());
  const Step confirmed = step(desk_, unit, subject.reservation, command);
  if (confirmed.no) return refused(*confirmed.no);
  if (confirmed.changes()) {
    const InventoryClient inventory(desk_.host, unit);
    if (const auto no = inventory.confirm(subject.reservation, confirmed.before, subject.now))
      return {true, no->text};
    unit.cancel_timer(stream_of(subject.reservation), kExpiryTimer);
  }
  desk_.reservations.stage(unit, confirmed.considered);
  return {false, tickets_json(confirmed.after)};
}

Answer ReservationsService::refunded(Unit& unit, const Subject& subject) {
  const Step cancelled =
      step(desk_, unit, subject.reservation, R::Refund{subject.payment, subject.now});
  if (cancelled.no) return refused(*cancelled.no);
  if (cancelled.changes()) {
    InventoryClient(desk_.host, unit)
        .release(subject.reservation, cancelled.before, GANTRY_RELEASE_REFUNDED, subject.now);
  }
  desk_.reservations.stage(unit, cancelled.considered);
  return {false, {}};
}

// The C table: nothing but conversions.
namespace {

ReservationsService& service(void* self) { return *static_cast<ReservationsService*>(self); }

void give(const Answer& answer, uint32_t* refused, const gantry_sink* sink) {
  *refused = answer.refused;
  if (sink && !answer.json.empty()) sink->write(sink->self, to_abi(answer.json));
}

}  // namespace

ReservationsService::ReservationsService(Desk& desk) : desk_(desk), table_{} {
  table_.size = sizeof table_;
  table_.self = this;
  table_.begin_payment = [](void* self, gantry_handle handle, const gantry_uuid* reservation,
                            const gantry_uuid* payment, gantry_str customer, gantry_time now,
                            uint32_t* no, const gantry_sink* answer,
                            const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      Unit unit(service(self).desk_.host, handle);
      give(service(self).begin_payment(unit, {Uuid(*reservation), Uuid(*payment), Instant(now)},
                                       from_abi(customer)),
           no, answer);
    });
  };
  table_.payment_declined = [](void* self, gantry_handle handle, const gantry_uuid* reservation,
                               const gantry_uuid* payment, gantry_time now, uint32_t* no,
                               const gantry_sink* answer, const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      Unit unit(service(self).desk_.host, handle);
      give(service(self).payment_declined(unit, {Uuid(*reservation), Uuid(*payment), Instant(now)}),
           no, answer);
    });
  };
  table_.confirm = [](void* self, gantry_handle handle, const gantry_uuid* reservation,
                      const gantry_uuid* payment, gantry_time now, uint32_t* no,
                      const gantry_sink* answer, const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      Unit unit(service(self).desk_.host, handle);
      give(service(self).confirm(unit, {Uuid(*reservation), Uuid(*payment), Instant(now)}), no,
           answer);
    });
  };
  table_.refunded = [](void* self, gantry_handle handle, const gantry_uuid* reservation,
                       const gantry_uuid* payment, gantry_time now, uint32_t* no,
                       const gantry_sink* answer, const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      Unit unit(service(self).desk_.host, handle);
      give(service(self).refunded(unit, {Uuid(*reservation), Uuid(*payment), Instant(now)}), no,
           answer);
    });
  };
}

}  // namespace gantry::reservations
