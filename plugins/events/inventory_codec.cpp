// Inventory events as JSON, in their current versions (inventory_schemas.hpp): the host upcasts
// older ones before they come here.
#include "inventory.hpp"
#include "section_json.hpp"

namespace gantry::events {
namespace {

using I = Inventory;

void write_places(JsonWriter& json, const std::vector<std::string>& seats, uint32_t quantity) {
  json.field("quantity", quantity);
  if (seats.empty()) return;
  json.array("seats");
  for (const std::string& seat : seats) json.value(seat);
  json.end();
}

std::vector<std::string> seats_from(Json data) {
  std::vector<std::string> seats;
  data["seats"].each([&](Json seat) { seats.emplace_back(seat.text()); });
  return seats;
}

uint32_t quantity_from(Json data) { return static_cast<uint32_t>(data["quantity"].integer()); }

std::string_view name_of(I::Place place) { return place == I::Place::held ? "held" : "sold"; }

std::string_view name_of(I::Cause cause) {
  switch (cause) {
    case I::Cause::expired:
      return "expired";
    case I::Cause::cancelled:
      return "cancelled";
    case I::Cause::failed:
      return "failed";
    case I::Cause::refunded:
      return "refunded";
  }
  return "";
}

I::Cause cause_from(std::string_view name) {
  for (const auto cause :
       {I::Cause::expired, I::Cause::cancelled, I::Cause::failed, I::Cause::refunded}) {
    if (name_of(cause) == name) return cause;
  }
  throw Error(Code::kInvalid, join("there is no cause of release ", name));
}

NewEvent encode_one(const I::Opened& e) {
  JsonWriter json;
  json.object().field("kind", name_of(e.kind)).field("capacity", e.capacity);
  write_rows(json, e.rows);
  return {"events.inventory_opened.v1", std::move(json.end()).text()};
}

NewEvent encode_one(const I::Held& e) {
  JsonWriter json;
  json.object().field("reservation_id", e.by);
  write_places(json, e.seats, e.quantity);
  json.field("at", e.at).field("until", e.until);
  return {"events.inventory_held.v1", std::move(json.end()).text()};
}

NewEvent encode_one(const I::Extended& e) {
  JsonWriter json;
  json.object().field("reservation_id", e.by).field("until", e.until);
  return {"events.inventory_extended.v1", std::move(json.end()).text()};
}

NewEvent encode_one(const I::Confirmed& e) {
  JsonWriter json;
  json.object().field("reservation_id", e.by);
  write_places(json, e.seats, e.quantity);
  json.field("at", e.at);
  return {"events.inventory_confirmed.v1", std::move(json.end()).text()};
}

NewEvent encode_one(const I::Released& e) {
  JsonWriter json;
  json.object().field("reservation_id", e.by);
  json.field("from", name_of(e.from)).field("cause", name_of(e.cause));
  write_places(json, e.seats, e.quantity);
  json.field("at", e.at);
  return {"events.inventory_released.v1", std::move(json.end()).text()};
}

}  // namespace

NewEvent Inventory::encode(const Event& event) {
  return std::visit([](const auto& one) { return encode_one(one); }, event);
}

Inventory::Event Inventory::decode(std::string_view type, Json data) {
  if (type == "events.inventory_opened.v1") {
    return Opened{section_kind_from(data["kind"].text()),
                  static_cast<uint32_t>(data["capacity"].integer()), rows_from(data["rows"])};
  }
  const Uuid by = data["reservation_id"].uuid();
  if (type == "events.inventory_held.v1")
    return Held{by, seats_from(data), quantity_from(data), data["at"].instant(),
                data["until"].instant()};
  if (type == "events.inventory_extended.v1") return Extended{by, data["until"].instant()};
  if (type == "events.inventory_confirmed.v1")
    return Confirmed{by, seats_from(data), quantity_from(data), data["at"].instant()};
  if (type == "events.inventory_released.v1") {
    return Released{by,
                    data["from"].text() == "sold" ? Place::sold : Place::held,
                    cause_from(data["cause"].text()),
                    seats_from(data),
                    quantity_from(data),
                    data["at"].instant()};
  }
  throw Error(Code::kInvalid, join("inventory has no event ", type));
}

}  // namespace gantry::events
