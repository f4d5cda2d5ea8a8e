#include "event_view.hpp"

namespace gantry::events {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO events_view (id, owner_id, state, title_folded, starts_at, created_at, updated_at,"
    " version, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kEnter =
    "UPDATE events_view SET state = ?, updated_at = ?, version = ? WHERE id = ?";
constexpr std::string_view kVersion = "UPDATE events_view SET version = ? WHERE id = ?";

void insert(const TicketedEvent::Created& e, const StoredEvent& stored, const Rows& rows) {
  JsonWriter details;
  details.object();
  write_details(details, e.details);
  details.end();
  rows.run(kInsert,
           {stored.stream_id(), e.owner_id, name_of(Status::draft), folded(e.details.title),
            e.details.starts_at, e.at, e.at, stored.version(), details.text()});
}

}  // namespace

void project_event(const Host& host, const StoredEvent& stored, const Rows& rows) {
  if (stored.type().starts_with("gantry.")) {
    rows.run(kVersion, {stored.version(), stored.stream_id()});
    return;
  }
  const auto enter = [&](Status status, Instant at) {
    rows.run(kEnter, {name_of(status), at, stored.version(), stored.stream_id()});
  };
  const JsonDocument data(host.json(), stored.data());
  std::visit(overloaded{
                 [&](const TicketedEvent::Created& e) { insert(e, stored, rows); },
                 [&](const TicketedEvent::Published& e) { enter(Status::published, e.at); },
                 [&](const TicketedEvent::SalesOpened& e) { enter(Status::sales_open, e.at); },
                 [&](const TicketedEvent::SalesClosed& e) { enter(Status::sales_closed, e.at); },
             },
             TicketedEvent::decode(stored.type(), data.root()));
}

}  // namespace gantry::events
