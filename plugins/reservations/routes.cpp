#include "routes.hpp"

#include <algorithm>

#include "inventory_client.hpp"
#include "problems.hpp"
#include "reservation_view.hpp"

namespace gantry::reservations {
namespace {

std::vector<Wish> wishes_from(Json lines) {
  std::vector<Wish> wishes;
  lines.each([&](Json line) {
    Wish wish{std::string(line["section"].text()), {}, 0, line["adjacent"].boolean_or(false)};
    wish.quantity = static_cast<uint32_t>(line["quantity"].integer_or(0));
    line["seats"].each([&](Json seat) { wish.seats.emplace_back(seat.text()); });
    wishes.push_back(std::move(wish));
  });
  return wishes;
}

// What the inventory has held, as a command.
Reservation::Hold hold_from(Json held, std::string_view customer, Instant now) {
  Terms terms{held["event_id"].uuid(),
              std::string(held["title"].text()),
              std::string(held["owner_id"].text()),
              held["starts_at"].instant(),
              ticketing::refund_rules_from(held["refund_rules"]),
              held["payment_attempts_max"].integer()};
  return {std::string(customer),        std::move(terms),
          lines_from(held["lines"]),    ticketing::money_from(held["total"]),
          held["expires_at"].instant(), now};
}

// Customers see their own; the owner of an event sees those of the event that the request names.
bool may_see(const Request& request, const Reservation::State& reservation) {
  if (request.has_role("admin") || request.user() == reservation.customer_id) return true;
  return request.user() == reservation.terms.owner_id &&
         request.query("event_id") == reservation.terms.event_id.text();
}

ReservationRow visible(Desk& desk, const Request& request) {
  auto found = find_reservation(desk.host, request.param_uuid(0));
  if (!found) throw problem_of(Reservation::NotFound{});
  if (!may_see(request, found->reservation)) throw problem_of(Reservation::NotTheCustomer{});
  return std::move(*found);
}

ReservationFilter filter_of(const Request& request) {
  ReservationFilter filter;
  filter.state = request.query("state").value_or("");
  if (!filter.state.empty() && !status_from(filter.state))
    throw Problem(Response::invalid({{"/state", "NOT_ALLOWED", "there is no such state"}}));
  filter.event_id = request.query("event_id").value_or("");
  if (!filter.event_id.empty() && !Uuid::parse(filter.event_id))
    throw Problem(Response::invalid({{"/event_id", "FORMAT", "event_id is a UUID"}}));
  filter.viewer = request.user();
  filter.all = request.has_role("admin");
  return filter;
}

// What a page token is bound to.
std::string scope_of(const ReservationFilter& filter) {
  JsonWriter json;
  json.array().value("reservations").value(filter.state).value(filter.event_id);
  json.value(filter.viewer).value(filter.all);
  return std::move(json.end()).text();
}

std::string cursor_of(const ReservationRow& row) {
  return join(row.reservation.created_at.us(), ' ', row.id.text());
}

// Only cursors that we signed come here.
ReservationCursor cursor_from(const std::string& text) {
  const size_t space = text.find(' ');
  return {Instant(std::stoll(text.substr(0, space))), text.substr(space + 1)};
}

}  // namespace

Response reserve(Desk& desk, Context& context, const Request& request) {
  const Uuid event = request.json()["event_id"].uuid();
  const Uuid id = context.new_id();
  const Instant now = context.now();
  Unit& unit = context.unit();
  const auto wishes = wishes_from(request.json()["lines"]);
  const auto held = InventoryClient(desk.host, unit).hold(event, id, wishes, now);
  if (!held) throw problem_of(desk.host, held.reason());
  const JsonDocument answer(desk.host.json(), *held);
  const auto command = hold_from(answer.root(), request.user(), now);
  const auto done = context.execute<Reservation>(id.text(), command);
  unit.set_timer(stream_of(id), kExpiryTimer, command.expires_at);
  Response response = Response::created(reservation_json(id, *done.state, done.version),
                                        join("/api/reservations/", id.text()));
  return response.etag(done.version);
}

Response cancel_reservation(Desk& desk, Context& context, const Request& request) {
  const Uuid id = request.param_uuid(0);
  const Reservation::Cancel command{std::string(request.user()), request.has_role("admin"),
                                    std::string(request.json()["reason"].text_or("")),
                                    context.now()};
  const auto done = context.execute<Reservation>(id.text(), command);
  if (!done.events.empty()) {
    InventoryClient(desk.host, context.unit())
        .release(id, *done.state, GANTRY_RELEASE_CANCELLED, command.now);
    context.unit().cancel_timer(stream_of(id), kExpiryTimer);
  }
  Response response = Response::ok(reservation_json(id, *done.state, done.version));
  return response.etag(done.version);
}

Response show_reservation(Desk& desk, Context&, const Request& request) {
  const ReservationRow row = visible(desk, request);
  Response response = Response::ok(reservation_json(row.id, row.reservation, row.version));
  return response.etag(row.version);
}

Response list_reservations(Desk& desk, Context&, const Request& request) {
  const ReservationFilter filter = filter_of(request);
  const std::string scope = scope_of(filter);
  const Page page = Page::of(request, desk.page_tokens, scope);
  std::optional<ReservationCursor> after;
  if (!page.cursor.empty()) after = cursor_from(page.cursor);
  const auto rows = list_reservations(desk.host, filter, after, page.size + 1);

  JsonWriter json;
  json.object().array("items");
  const size_t shown = std::min<size_t>(rows.size(), page.size);
  for (size_t i = 0; i < shown; ++i)
    json.raw(reservation_json(rows[i].id, rows[i].reservation, rows[i].version));
  json.end();
  const bool more = rows.size() > page.size;
  json.field("next_page_token",
             more ? desk.page_tokens.seal(scope, cursor_of(rows[shown - 1])) : std::string());
  return Response::ok(std::move(json.end()).text());
}

Response show_history(Desk& desk, Context&, const Request& request) {
  const ReservationRow row = visible(desk, request);
  JsonWriter json;
  json.object().array("items");
  for (const HistoryRow& event : history_of(desk.host, row.id)) {
    json.object()
        .field("version", event.version)
        .field("position", event.position)
        .field("type", event.type)
        .field("at", event.at)
        .raw("data", event.data)
        .end();
  }
  return Response::ok(std::move(json.end().end()).text());
}

}  // namespace gantry::reservations
