#include "desk.hpp"
#include "reservation_view.hpp"

namespace gantry::reservations {
namespace {

// Each filter that is null lets everything through: one text, prepared once.
constexpr std::string_view kList =
    "SELECT id, state, expires_at, version, held, payment_ids, ticket_ids FROM reservations_view"
    " WHERE (? IS NULL OR state = ?) AND (? IS NULL OR event_id = ?)"
    " AND (? = 1 OR customer_id = ? OR (? IS NOT NULL AND owner_id = ?))"
    " AND (? IS NULL OR created_at < ? OR (created_at = ? AND id < ?))"
    " ORDER BY created_at DESC, id DESC LIMIT ?";
constexpr std::string_view kFind =
    "SELECT id, state, expires_at, version, held, payment_ids, ticket_ids FROM reservations_view"
    " WHERE id = ?";
constexpr std::string_view kHistory =
    "SELECT version, position, type, recorded_at, data FROM reservation_history"
    " WHERE reservation_id = ? ORDER BY version";

std::vector<Uuid> ids_from(const Host& host, std::string_view text) {
  std::vector<Uuid> ids;
  const JsonDocument json(host.json(), text);
  json.root().each([&](Json id) { ids.push_back(id.uuid()); });
  return ids;
}

ReservationRow row_from(const Host& host, const SqlRow& row) {
  ReservationRow out;
  out.id = Uuid::parse(row.text(0)).value();
  const JsonDocument held(host.json(), row.text(4));
  Reservation::evolve(out.reservation, Reservation::decode("reservations.held.v1", held.root()));
  out.reservation.status = status_from(row.text(1)).value();
  out.reservation.expires_at = row.instant(2);
  out.reservation.payments = ids_from(host, row.text(5));
  out.reservation.tickets = ids_from(host, row.text(6));
  out.version = row.integer(3);
  return out;
}

SqlValue unless_empty(const std::string& text) {
  return text.empty() ? SqlValue() : SqlValue(text);
}

}  // namespace

std::optional<ReservationRow> find_reservation(const Host& host, const Uuid& id) {
  std::optional<ReservationRow> found;
  const std::string text = id.text();
  const Session session = Session::reading(host, kDatabase);
  session.first(kFind, {text}, [&](const SqlRow& row) { found = row_from(host, row); });
  return found;
}

std::vector<ReservationRow> list_reservations(const Host& host, const ReservationFilter& filter,
                                              const std::optional<ReservationCursor>& after,
                                              uint32_t count) {
  const SqlValue state = unless_empty(filter.state), event = unless_empty(filter.event_id);
  const SqlValue before = after ? SqlValue(after->created_at) : SqlValue();
  const SqlValue before_id = after ? SqlValue(after->id) : SqlValue();
  std::vector<ReservationRow> found;
  const Session session = Session::reading(host, kDatabase);
  session.each(kList,
               {state, state, event, event, filter.all ? 1 : 0, filter.viewer, event, filter.viewer,
                before, before, before, before_id, count},
               [&](const SqlRow& row) { found.push_back(row_from(host, row)); });
  return found;
}

std::vector<HistoryRow> history_of(const Host& host, const Uuid& id) {
  std::vector<HistoryRow> found;
  const std::string text = id.text();
  const Session session = Session::reading(host, kDatabase);
  session.each(kHistory, {text}, [&](const SqlRow& row) {
    found.push_back({row.integer(0), row.integer(1), std::string(row.text(2)), row.instant(3),
                     std::string(row.text(4))});
  });
  return found;
}

}  // namespace gantry::reservations
