#include "tests/support/shop.hpp"

#include <chrono>

#include "gantry/instant.hpp"
#include "gantry/json_writer.hpp"

namespace gantry::tests {
namespace json = base::json;

const gantry_json_node* JsonBody::at(std::string_view path) const {
  const gantry_json_node* node = document_.root();
  while (node && !path.empty()) {
    const size_t dot = path.find('.');
    const std::string step(path.substr(0, dot));
    const bool index = step.find_first_not_of("0123456789") == std::string::npos;
    node = index && json::type(node) == GANTRY_JSON_ARRAY
               ? json::at(node, static_cast<uint32_t>(std::stoul(step)))
               : json::member(node, step);
    path.remove_prefix(dot == path.npos ? path.size() : dot + 1);
  }
  return node;
}
std::string JsonBody::text(std::string_view path) const {
  return std::string(json::text(at(path)).value_or(""));
}
int64_t JsonBody::integer(std::string_view path) const {
  return json::integer(at(path)).value_or(-1);
}
uint32_t JsonBody::count(std::string_view path) const { return json::count(at(path)); }

Headers Shop::bearer(const std::string& token, const std::string& key) {
  Headers headers;
  if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
  if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
  return headers;
}

std::string Shop::log_in(const std::string& email) {
  const Answer link =
      client_.post("/auth/magic-link/request", join(R"({"email":")", email, R"("})"));
  const std::string token = JsonBody(link.body).text("magic_link_token");
  const Answer session =
      client_.post("/auth/magic-link/verify", join(R"({"token":")", token, R"("})"));
  return JsonBody(session.body).text("session_token");
}

std::string Shop::open_event(const std::string& organizer, const std::vector<Section>& sections,
                             const std::string& policies) {
  // The tests' own clock: the event lies 60 days ahead of the machine's.
  const Instant now(
      std::chrono::duration_cast<std::chrono::microseconds>(
          std::chrono::file_clock::to_sys(std::chrono::file_clock::now()).time_since_epoch())
          .count());
  JsonWriter event;
  event.object()
      .field("title", "Test event")
      .field("starts_at", now + std::chrono::hours(24 * 60))
      .field("ends_at", now + std::chrono::hours(24 * 60 + 2))
      .field("timezone", "Europe/Berlin")
      .field("currency", "EUR");
  event.object("venue").field("name", "Hall").field("address", "Street 1").end();
  event.array("sections");
  for (const Section& section : sections) {
    event.object()
        .field("name", section.name)
        .field("kind", section.rows ? "numbered" : "general_admission");
    event.field("capacity", (section.rows ? section.rows : 1) * section.seats);
    if (section.rows) {
      event.array("rows");
      for (uint32_t row = 0; row < section.rows; ++row) {
        event.object().field("row", join("R", row + 1)).field("seats", section.seats).end();
      }
      event.end();
    }
    event.end();
  }
  event.end().array("price_tiers");
  for (const Section& section : sections) {
    event.object().field("name", "Full").field("section", section.name);
    event.object("price").field("amount", section.price).field("currency", "EUR").end().end();
  }
  event.end();
  if (!policies.empty()) event.raw("policies", policies);
  event.end();
  const Answer created = client_.request("POST", "/api/events", event.text(), bearer(organizer));
  const std::string id = JsonBody(created.body).text("id");
  client_.request("POST", join("/api/events/", id, "/publish"), {}, bearer(organizer));
  client_.request("POST", join("/api/events/", id, "/sales/open"), {}, bearer(organizer));
  return id;
}

Answer Shop::hold(const std::string& token, const std::string& key, const std::string& event,
                  const std::string& lines) {
  return client_.post("/api/reservations",
                      join(R"({"event_id":")", event, R"(","lines":[)", lines, "]}"),
                      bearer(token, key));
}

Answer Shop::pay(const std::string& token, const std::string& key, const std::string& reservation,
                 const std::string& card) {
  return client_.post("/api/payments",
                      join(R"({"reservation_id":")", reservation,
                           R"(","method":{"type":"card","token":")", card, R"("}})"),
                      bearer(token, key));
}

Answer Shop::refund(const std::string& token, const std::string& key, const std::string& payment) {
  return client_.post(join("/api/payments/", payment, "/refund"), R"({"reason":"test"})",
                      bearer(token, key));
}

Answer Shop::get(const std::string& token, const std::string& path, int64_t min_position) {
  Headers headers = bearer(token);
  if (min_position > 0) headers.emplace_back("Gantry-Min-Position", to_text(min_position));
  return client_.get(path, headers);
}

std::string Shop::seat_line(const std::string& section, const std::string& seat) {
  return join(R"({"section":")", section, R"(","seats":[")", seat, R"("]})");
}
std::string Shop::quantity_line(const std::string& section, int quantity) {
  return join(R"({"section":")", section, R"(","quantity":)", quantity, "}");
}

Books read_books(Shop& shop, const std::string& event, const std::string& admin,
                 const std::vector<std::string>& customers, int64_t min_position) {
  Books books;
  const JsonBody seats(
      shop.get("", join("/api/events/", event, "/availability"), min_position).body);
  for (uint32_t i = 0; i < seats.count("sections"); ++i) {
    const std::string at = join("sections.", i, ".");
    books.capacity += seats.integer(at + "capacity");
    books.held += seats.integer(at + "held");
    books.sold += seats.integer(at + "sold");
    books.available += seats.integer(at + "available");
  }
  const JsonBody ledger(shop.get(admin, "/admin/simulator/ledger").body);
  for (uint32_t i = 0; i < ledger.count("totals"); ++i) {
    const std::string at = join("totals.", i, ".");
    books.provider_net[ledger.text(at + "currency")] =
        ledger.integer(at + "captured") - ledger.integer(at + "refunded");
  }
  for (const std::string& customer : customers) {
    std::string page;
    do {
      const JsonBody payments(
          shop.get(customer,
                   join("/api/payments?page_size=100", page.empty() ? "" : "&page_token=", page),
                   min_position)
              .body);
      for (uint32_t i = 0; i < payments.count("items"); ++i) {
        const std::string at = join("items.", i, ".");
        if (payments.text(at + "state") != "captured") continue;
        books.our_net[payments.text(at + "amount.currency")] +=
            payments.integer(at + "amount.amount") -
            payments.integer(at + "amount_refunded.amount");
      }
      page = payments.text("next_page_token");
    } while (!page.empty());
  }
  return books;
}

}  // namespace gantry::tests
