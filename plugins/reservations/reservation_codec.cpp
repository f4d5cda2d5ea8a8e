// Events of a reservation as JSON, in their current versions (reservation_schemas.hpp): the host
// upcasts older ones before they come here.
#include "reservation.hpp"

namespace gantry::reservations {
namespace {

using R = Reservation;

void write_lines(JsonWriter& json, const std::vector<Line>& lines) {
  json.array("lines");
  for (const Line& line : lines) {
    json.object().field("section", line.section);
    if (line.seat)
      json.field("seat", *line.seat);
    else
      json.null("seat");
    json.field("tier", line.tier);
    ticketing::write(json, "unit_price", line.unit_price).end();
  }
  json.end();
}

void write_ids(JsonWriter& json, std::string_view name, const std::vector<Uuid>& ids) {
  json.array(name);
  for (const Uuid& id : ids) json.value(id);
  json.end();
}

std::string_view name_of(R::Cause cause) {
  switch (cause) {
    case R::Cause::customer:
      return "customer";
    case R::Cause::admin:
      return "admin";
    case R::Cause::refunded:
      return "refunded";
  }
  return "";
}

R::Cause cause_from(std::string_view name) {
  for (const auto cause : {R::Cause::customer, R::Cause::admin, R::Cause::refunded}) {
    if (name_of(cause) == name) return cause;
  }
  throw Error(Code::kInvalid, join("there is no cause of cancellation ", name));
}

NewEvent encode_one(const R::Held& e) {
  JsonWriter json;
  json.object()
      .field("event_id", e.terms.event_id)
      .field("title", e.terms.title)
      .field("owner_id", e.terms.owner_id)
      .field("starts_at", e.terms.starts_at)
      .field("customer_id", e.customer_id);
  write_lines(json, e.lines);
  ticketing::write(json, "total", e.total)
      .field("expires_at", e.expires_at)
      .field("payment_attempts_max", e.terms.payment_attempts_max);
  ticketing::write(json, "refund_rules", e.terms.refund_rules).field("at", e.at);
  return {"reservations.held.v1", std::move(json.end()).text()};
}
NewEvent encode_one(const R::PaymentStarted& e) {
  JsonWriter json;
  json.object().field("payment_id", e.payment).field("at", e.at);
  return {"reservations.payment_started.v1", std::move(json.end()).text()};
}
NewEvent encode_one(const R::HoldExtended& e) {
  JsonWriter json;
  json.object().field("expires_at", e.expires_at);
  return {"reservations.hold_extended.v1", std::move(json.end()).text()};
}
NewEvent encode_one(const R::PaymentDeclined& e) {
  JsonWriter json;
  json.object()
      .field("payment_id", e.payment)
      .field("attempts_left", e.attempts_left)
      .field("at", e.at);
  return {"reservations.payment_declined.v1", std::move(json.end()).text()};
}
NewEvent encode_one(const R::Confirmed& e) {
  JsonWriter json;
  json.object().field("payment_id", e.payment);
  write_ids(json, "ticket_ids", e.tickets);
  json.field("at", e.at);
  return {"reservations.confirmed.v1", std::move(json.end()).text()};
}
NewEvent encode_one(const R::Expired& e) {
  JsonWriter json;
  json.object().field("at", e.at);
  return {"reservations.expired.v1", std::move(json.end()).text()};
}
NewEvent encode_one(const R::Cancelled& e) {
  JsonWriter json;
  json.object().field("cause", name_of(e.cause)).field("reason", e.reason).field("at", e.at);
  return {"reservations.cancelled.v1", std::move(json.end()).text()};
}
NewEvent encode_one(const R::Failed& e) {
  JsonWriter json;
  json.object().field("at", e.at);
  return {"reservations.failed.v1", std::move(json.end()).text()};
}

std::vector<Uuid> ids_from(Json json) {
  std::vector<Uuid> ids;
  json.each([&](Json id) { ids.push_back(id.uuid()); });
  return ids;
}

R::Held held_from(Json data) {
  Terms terms{data["event_id"].uuid(),
              std::string(data["title"].text()),
              std::string(data["owner_id"].text()),
              data["starts_at"].instant(),
              ticketing::refund_rules_from(data["refund_rules"]),
              data["payment_attempts_max"].integer()};
  return {std::string(data["customer_id"].text()),
          std::move(terms),
          lines_from(data["lines"]),
          ticketing::money_from(data["total"]),
          data["expires_at"].instant(),
          data["at"].instant()};
}

}  // namespace

NewEvent Reservation::encode(const Event& event) {
  return std::visit([](const auto& one) { return encode_one(one); }, event);
}

Reservation::Event Reservation::decode(std::string_view type, Json data) {
  if (type == "reservations.held.v1") return held_from(data);
  if (type == "reservations.hold_extended.v1") return HoldExtended{data["expires_at"].instant()};
  const Instant at = data["at"].instant();
  if (type == "reservations.payment_started.v1")
    return PaymentStarted{data["payment_id"].uuid(), at};
  if (type == "reservations.payment_declined.v1")
    return PaymentDeclined{data["payment_id"].uuid(), data["attempts_left"].integer(), at};
  if (type == "reservations.confirmed.v1")
    return Confirmed{data["payment_id"].uuid(), ids_from(data["ticket_ids"]), at};
  if (type == "reservations.expired.v1") return Expired{at};
  if (type == "reservations.cancelled.v1")
    return Cancelled{cause_from(data["cause"].text()), std::string(data["reason"].text()), at};
  if (type == "reservations.failed.v1") return Failed{at};
  throw Error(Code::kInvalid, join("a reservation has no event ", type));
}

std::vector<Line> lines_from(Json json) {
  std::vector<Line> lines;
  json.each([&](Json line) {
    std::optional<std::string> seat;
    if (line["seat"].is_text()) seat = line["seat"].text();
    lines.push_back({std::string(line["section"].text()), std::move(seat),
                     std::string(line["tier"].text()), ticketing::money_from(line["unit_price"])});
  });
  return lines;
}

std::string reservation_json(const Uuid& id, const Reservation::State& state, int64_t version) {
  JsonWriter json;
  json.object()
      .field("id", id)
      .field("event_id", state.terms.event_id)
      .field("customer_id", state.customer_id);
  write_lines(json, state.lines);
  ticketing::write(json, "total", state.total)
      .field("state", name_of(state.status))
      .field("expires_at", state.expires_at);
  write_ids(json, "payment_ids", state.payments);
  write_ids(json, "ticket_ids", state.tickets);
  json.field("created_at", state.created_at).field("version", version);
  return std::move(json.end()).text();
}

}  // namespace gantry::reservations
