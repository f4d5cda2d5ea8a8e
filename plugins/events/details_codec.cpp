#include "details.hpp"
#include "section_json.hpp"

namespace gantry::events {
namespace {

void write_section(JsonWriter& json, const Section& section) {
  json.object()
      .field("name", section.name)
      .field("kind", name_of(section.kind))
      .field("capacity", section.capacity);
  write_rows(json, section.rows);
  json.end();
}

void write_tier(JsonWriter& json, const PriceTier& tier) {
  json.object().field("name", tier.name).field("section", tier.section);
  ticketing::write(json, "price", tier.price);
  if (tier.available_from) json.field("available_from", *tier.available_from);
  if (tier.available_until) json.field("available_until", *tier.available_until);
  json.end();
}

void write_policies(JsonWriter& json, const Policies& policies) {
  json.object("policies")
      .field("hold_seconds", policies.hold_seconds)
      .field("max_tickets_per_reservation", policies.max_tickets_per_reservation);
  ticketing::write(json, "refund_rules", policies.refund_rules);
  json.field("payment_attempts_max", policies.payment_attempts_max)
      .field("time_based_pricing", policies.time_based_pricing)
      .end();
}

Section section_from(Json json) {
  Section section;
  section.name = json["name"].text();
  section.kind = section_kind_from(json["kind"].text());
  section.rows = rows_from(json["rows"]);
  int64_t seats = 0;
  for (const SeatRow& row : section.rows) seats += row.seats;
  section.capacity = static_cast<uint32_t>(json["capacity"].integer_or(seats));
  return section;
}

PriceTier tier_from(Json json) {
  return {std::string(json["name"].text()), std::string(json["section"].text()),
          ticketing::money_from(json["price"]), json["available_from"].instant_if(),
          json["available_until"].instant_if()};
}

Policies policies_from(Json json) {
  Policies policies;
  policies.hold_seconds = json["hold_seconds"].integer_or(policies.hold_seconds);
  policies.max_tickets_per_reservation =
      json["max_tickets_per_reservation"].integer_or(policies.max_tickets_per_reservation);
  if (const Json rules = json["refund_rules"])
    policies.refund_rules = ticketing::refund_rules_from(rules);
  policies.payment_attempts_max =
      json["payment_attempts_max"].integer_or(policies.payment_attempts_max);
  policies.time_based_pricing = json["time_based_pricing"].boolean_or(policies.time_based_pricing);
  return policies;
}

}  // namespace

void write_details(JsonWriter& json, const Details& details) {
  json.field("title", details.title)
      .field("description", details.description)
      .field("starts_at", details.starts_at)
      .field("ends_at", details.ends_at)
      .field("timezone", details.timezone);
  json.object("venue")
      .field("name", details.venue.name)
      .field("address", details.venue.address)
      .end();
  json.field("currency", details.currency.code());
  json.array("sections");
  for (const Section& section : details.sections) write_section(json, section);
  json.end().array("price_tiers");
  for (const PriceTier& tier : details.price_tiers) write_tier(json, tier);
  json.end();
  write_policies(json, details.policies);
}

Details details_from(Json json) {
  Details details;
  details.title = json["title"].text();
  details.description = json["description"].text_or("");
  details.starts_at = json["starts_at"].instant();
  details.ends_at = json["ends_at"].instant();
  details.timezone = json["timezone"].text();
  details.venue = {std::string(json["venue"]["name"].text()),
                   std::string(json["venue"]["address"].text_or(""))};
  details.currency = Currency(json["currency"].text());
  json["sections"].each([&](Json section) { details.sections.push_back(section_from(section)); });
  json["price_tiers"].each([&](Json tier) { details.price_tiers.push_back(tier_from(tier)); });
  details.policies = policies_from(json["policies"]);
  return details;
}

}  // namespace gantry::events
