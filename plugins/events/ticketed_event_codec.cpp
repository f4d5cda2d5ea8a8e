// Events of the event aggregate as JSON, in their current versions (ticketed_event_schemas.hpp):
// the host upcasts older ones before they come here.
#include "ticketed_event.hpp"

namespace gantry::events {
namespace {

using T = TicketedEvent;

NewEvent encode_one(const T::Created& e) {
  JsonWriter json;
  json.object().field("event_id", e.id).field("owner_id", e.owner_id);
  json.object("details");
  write_details(json, e.details);
  json.end().field("at", e.at);
  return {"events.created.v1", std::move(json.end()).text()};
}

NewEvent at_only(std::string_view type, Instant at) {
  JsonWriter json;
  json.object().field("at", at);
  return {std::string(type), std::move(json.end()).text()};
}

NewEvent encode_one(const T::Published& e) { return at_only("events.published.v1", e.at); }
NewEvent encode_one(const T::SalesOpened& e) { return at_only("events.sales_opened.v1", e.at); }
NewEvent encode_one(const T::SalesClosed& e) { return at_only("events.sales_closed.v1", e.at); }

}  // namespace

NewEvent TicketedEvent::encode(const Event& event) {
  return std::visit([](const auto& one) { return encode_one(one); }, event);
}

TicketedEvent::Event TicketedEvent::decode(std::string_view type, Json data) {
  const Instant at = data["at"].instant();
  if (type == "events.created.v1") {
    return Created{data["event_id"].uuid(), std::string(data["owner_id"].text()),
                   details_from(data["details"]), at};
  }
  if (type == "events.published.v1") return Published{at};
  if (type == "events.sales_opened.v1") return SalesOpened{at};
  if (type == "events.sales_closed.v1") return SalesClosed{at};
  throw Error(Code::kInvalid, join("an event stream has no event ", type));
}

std::string event_json(const TicketedEvent::State& state, int64_t version) {
  JsonWriter json;
  json.object().field("id", state.id);
  write_details(json, state.details);
  json.field("state", name_of(state.status))
      .field("owner_id", state.owner_id)
      .field("created_at", state.created_at)
      .field("updated_at", state.updated_at)
      .field("version", version);
  return std::move(json.end()).text();
}

}  // namespace gantry::events
