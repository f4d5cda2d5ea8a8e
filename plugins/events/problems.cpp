#include "problems.hpp"

namespace gantry::events {
namespace {

std::string section_params(std::string_view section) {
  JsonWriter json;
  json.object().field("section", section);
  return std::move(json.end()).text();
}

std::string seats_params(std::string_view section, const std::vector<std::string>& seats) {
  JsonWriter json;
  json.object().field("section", section).array("seats");
  for (const std::string& seat : seats) json.value(seat);
  return std::move(json.end().end()).text();
}

std::string shortage_params(std::string_view section, const Inventory::Insufficient& why) {
  JsonWriter json;
  json.object()
      .field("section", section)
      .field("requested", why.requested)
      .field("available", why.available)
      .field("held", why.held);
  if (why.retry_at)
    json.field("retry_at", *why.retry_at);
  else
    json.null("retry_at");
  return std::move(json.end()).text();
}

std::string transition_params(const TicketedEvent::WrongState& why) {
  JsonWriter json;
  json.object().field("from", name_of(why.from)).field("attempted", why.attempted);
  return std::move(json.end()).text();
}

}  // namespace

std::string Refusal::json() const {
  JsonWriter json;
  json.object().field("status", status).field("code", code).field("detail", detail);
  json.raw("params", params.empty() ? "{}" : std::string_view(params));
  return std::move(json.end()).text();
}

Problem problem_of(const TicketedEvent::Rejection& reason) {
  using T = TicketedEvent;
  return std::visit(
      overloaded{
          [](const T::NotFound&) {
            return Problem(404, "EVENT_NOT_FOUND", "there is no such event");
          },
          [](const T::AlreadyExists&) {
            return Problem(409, "RESOURCE_ALREADY_EXISTS", "there is an event with that id");
          },
          [](const T::NotTheOwner&) {
            return Problem(403, "FORBIDDEN", "only the event's owner may do this");
          },
          [](const T::WrongState& why) {
            return Problem(
                422, "INVALID_STATE_TRANSITION",
                join("an event that is ", name_of(why.from), " does not take ", why.attempted),
                transition_params(why));
          },
          [](const T::Invalid& why) { return Problem(Response::invalid(why.faults)); },
      },
      reason);
}

Refusal refusal_of(const Inventory::Rejection& reason, std::string_view section) {
  using I = Inventory;
  return std::visit(
      overloaded{
          [&](const I::NotOpen&) { return no_such_section(section); },
          [&](const I::AlreadyOpen&) {
            return Refusal{409, "RESOURCE_ALREADY_EXISTS", "the section has an inventory already",
                           section_params(section)};
          },
          [&](const I::SeatTaken& why) {
            return Refusal{409, "SEAT_TAKEN", "a seat is held or sold already",
                           seats_params(section, why.seats)};
          },
          [&](const I::UnknownSeat& why) {
            return Refusal{422, "SEAT_NOT_FOUND", "the section has no such seat",
                           seats_params(section, why.seats)};
          },
          [&](const I::Insufficient& why) {
            return Refusal{409, "INSUFFICIENT_INVENTORY", "too few places are available",
                           shortage_params(section, why)};
          },
          [&](const I::SoldOut&) {
            return Refusal{409, "SOLD_OUT", "the section is sold out", section_params(section)};
          },
          [&](const I::HoldGone&) {
            return Refusal{410, "RESERVATION_EXPIRED", "the hold on the places has gone",
                           section_params(section)};
          },
      },
      reason);
}

Refusal refusal_of(SaleRefusal reason, const TicketedEvent::State& event, uint32_t places) {
  JsonWriter json;
  switch (reason) {
    case SaleRefusal::not_found:
      return {404, "EVENT_NOT_FOUND", "there is no such event", {}};
    case SaleRefusal::cancelled:
      json.object().field("event_id", event.id).end();
      return {410, "EVENT_CANCELLED", "the event is cancelled", std::move(json).text()};
    case SaleRefusal::not_open:
      json.object().field("event_id", event.id).field("state", name_of(event.status)).end();
      return {409, "SALES_NOT_OPEN", "tickets are not on sale now", std::move(json).text()};
    case SaleRefusal::too_many:
      json.object()
          .field("requested", places)
          .field("max", event.details.policies.max_tickets_per_reservation)
          .end();
      return {422, "TOO_MANY_TICKETS", "a reservation takes fewer tickets", std::move(json).text()};
  }
  throw Error(Code::kInternal, "a reason without a problem");
}

Refusal no_such_section(std::string_view section) {
  return {404, "SECTION_NOT_FOUND", "the event has no such section", section_params(section)};
}

Refusal no_price(std::string_view section) {
  return {409, "NO_PRICE_AVAILABLE", "no price tier of the section is on sale now",
          section_params(section)};
}

}  // namespace gantry::events
