// The state of a section as JSON: what cannot be worked out from the rest. Only ever read by the
// version that wrote it, see kSnapshotSchema.
#include "inventory.hpp"
#include "section_json.hpp"

namespace gantry::events {
namespace {

using I = Inventory;

void write_claim(JsonWriter& json, const Uuid& by, const I::Claim& claim) {
  json.object().field("by", by).field("sold", claim.place == I::Place::sold);
  json.field("quantity", claim.quantity).field("until", claim.until);
  json.array("seats");
  for (const uint32_t seat : claim.seats) json.value(seat);
  json.end().end();
}

I::Claim claim_from(Json json) {
  I::Claim claim;
  claim.place = json["sold"].boolean_or(false) ? I::Place::sold : I::Place::held;
  claim.quantity = static_cast<uint32_t>(json["quantity"].integer());
  claim.until = json["until"].instant();
  json["seats"].each(
      [&](Json seat) { claim.seats.push_back(static_cast<uint32_t>(seat.integer())); });
  return claim;
}

void add(I::State& state, const Uuid& by, I::Claim claim) {
  for (const uint32_t seat : claim.seats) {
    state.owners.at(seat) = by;
    --state.free_seats[state.seating.row_of(seat)];
  }
  if (claim.place == I::Place::held) {
    state.held += claim.quantity;
    state.expiries.emplace(claim.until, by);
  } else {
    state.sold += claim.quantity;
  }
  state.claims.emplace(by, std::move(claim));
}

}  // namespace

std::string Inventory::encode_state(const State& state) {
  JsonWriter json;
  json.object().field("open", state.open).field("kind", name_of(state.kind));
  json.field("capacity", state.capacity);
  write_rows(json, state.rows);
  json.array("claims");
  for (const auto& [by, claim] : state.claims) write_claim(json, by, claim);
  return std::move(json.end().end()).text();
}

Inventory::State Inventory::decode_state(Json json) {
  State state;
  if (!json["open"].boolean_or(false)) return state;
  evolve(state, Opened{section_kind_from(json["kind"].text()),
                       static_cast<uint32_t>(json["capacity"].integer()), rows_from(json["rows"])});
  json["claims"].each([&](Json claim) { add(state, claim["by"].uuid(), claim_from(claim)); });
  return state;
}

}  // namespace gantry::events
