#include "availability.hpp"
#include "section_json.hpp"

namespace gantry::events {
namespace {

using I = Inventory;

constexpr std::string_view kOpen =
    "INSERT INTO section_availability (event_id, section, opened, kind, capacity, seat_rows, "
    "version)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kCount =
    "UPDATE section_availability SET held = held + ?, sold = sold + ?, version = ?"
    " WHERE event_id = ? AND section = ?";
constexpr std::string_view kTakeSeat =
    "INSERT INTO seat_state (event_id, section, seat, state) VALUES (?, ?, ?, 'held')";
constexpr std::string_view kSellSeat =
    "UPDATE seat_state SET state = 'sold' WHERE event_id = ? AND section = ? AND seat = ?";
constexpr std::string_view kFreeSeat =
    "DELETE FROM seat_state WHERE event_id = ? AND section = ? AND seat = ?";

// The rows of one section, found by its stream "inventory-<event id>-<section>".
class SectionRows {
 public:
  SectionRows(const StoredEvent& stored, const Rows& rows)
      : rows_(rows),
        event_(stored.stream_id().substr(0, kIdBytes)),
        section_(stored.stream_id().substr(kIdBytes + 1)),
        position_(stored.position()),
        version_(stored.version()) {}

  void open(const I::Opened& e) const {
    JsonWriter json;
    json.array();
    for (const SeatRow& row : e.rows)
      json.object().field("row", row.row).field("seats", row.seats).end();
    json.end();
    rows_.run(kOpen,
              {event_, section_, position_, name_of(e.kind), e.capacity, json.text(), version_});
  }
  void count(int64_t held, int64_t sold) const {
    rows_.run(kCount, {held, sold, version_, event_, section_});
  }
  void seats(std::string_view statement, const std::vector<std::string>& seats) const {
    for (const std::string& seat : seats) rows_.run(statement, {event_, section_, seat});
  }

 private:
  static constexpr size_t kIdBytes = 36;
  const Rows& rows_;
  std::string_view event_, section_;
  gantry_position position_;
  int64_t version_;
};

}  // namespace

void project_availability(const Host& host, const StoredEvent& stored, const Rows& rows) {
  if (stored.type().starts_with("gantry.")) return;
  const SectionRows section(stored, rows);
  const JsonDocument data(host.json(), stored.data());
  std::visit(overloaded{
                 [&](const I::Opened& e) { section.open(e); },
                 [&](const I::Held& e) {
                   section.count(e.quantity, 0);
                   section.seats(kTakeSeat, e.seats);
                 },
                 [&](const I::Extended&) { section.count(0, 0); },
                 [&](const I::Confirmed& e) {
                   section.count(-int64_t{e.quantity}, e.quantity);
                   section.seats(kSellSeat, e.seats);
                 },
                 [&](const I::Released& e) {
                   const bool held = e.from == I::Place::held;
                   section.count(held ? -int64_t{e.quantity} : 0, held ? 0 : -int64_t{e.quantity});
                   section.seats(kFreeSeat, e.seats);
                 },
             },
             I::decode(stored.type(), data.root()));
}

}  // namespace gantry::events
