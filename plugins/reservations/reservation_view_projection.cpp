#include "gantry/json_writer.hpp"
#include "reservation_view.hpp"

namespace gantry::reservations {
namespace {

using R = Reservation;

constexpr std::string_view kInsert =
    "INSERT INTO reservations_view (id, event_id, owner_id, customer_id, state, created_at,"
    " expires_at, version, held, payment_ids, ticket_ids)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', '[]')";
constexpr std::string_view kEnter = "UPDATE reservations_view SET state = ? WHERE id = ?";
constexpr std::string_view kExtend = "UPDATE reservations_view SET expires_at = ? WHERE id = ?";
constexpr std::string_view kPayments = "SELECT payment_ids FROM reservations_view WHERE id = ?";
constexpr std::string_view kSetPayments =
    "UPDATE reservations_view SET payment_ids = ? WHERE id = ?";
constexpr std::string_view kSetTickets = "UPDATE reservations_view SET ticket_ids = ? WHERE id = ?";
constexpr std::string_view kVersion = "UPDATE reservations_view SET version = ? WHERE id = ?";
constexpr std::string_view kRemember =
    "INSERT INTO reservation_history (reservation_id, version, position, type, recorded_at, data)"
    " VALUES (?, ?, ?, ?, ?, ?)";

class Projection {
 public:
  Projection(const StoredEvent& stored, const Rows& rows)
      : stored_(stored), rows_(rows), id_(stored.stream_id()) {}

  void operator()(const R::Held& e) const {
    const std::string event = e.terms.event_id.text();
    rows_.run(kInsert, {id_, event, e.terms.owner_id, e.customer_id, name_of(Status::held), e.at,
                        e.expires_at, stored_.version(), stored_.data()});
  }
  void operator()(const R::PaymentStarted& e) const {
    std::string payments;
    rows_.first(kPayments, {id_}, [&](const SqlRow& row) { payments = row.text(0); });
    if (payments.empty()) throw Error(Code::kInternal, "a payment of a reservation without a row");
    const bool is_first = payments == "[]";
    payments.pop_back();
    rows_.run(kSetPayments,
              {join(payments, is_first ? "" : ",", '"', e.payment.text(), "\"]"), id_});
    enter(Status::paying);
  }
  void operator()(const R::HoldExtended& e) const { rows_.run(kExtend, {e.expires_at, id_}); }
  void operator()(const R::PaymentDeclined&) const { enter(Status::held); }
  void operator()(const R::Confirmed& e) const {
    JsonWriter json;
    json.array();
    for (const Uuid& ticket : e.tickets) json.value(ticket);
    json.end();
    rows_.run(kSetTickets, {json.text(), id_});
    enter(Status::confirmed);
  }
  void operator()(const R::Expired&) const { enter(Status::expired); }
  void operator()(const R::Cancelled&) const { enter(Status::cancelled); }
  void operator()(const R::Failed&) const { enter(Status::failed); }

  void moved() const { rows_.run(kVersion, {stored_.version(), id_}); }
  void remember() const {
    rows_.run(kRemember, {id_, stored_.version(), stored_.position(), stored_.type(),
                          stored_.recorded_at(), stored_.data()});
  }

 private:
  void enter(Status status) const { rows_.run(kEnter, {name_of(status), id_}); }

  const StoredEvent& stored_;
  const Rows& rows_;
  std::string_view id_;
};

}  // namespace

void project_reservation(const Host& host, const StoredEvent& stored, const Rows& rows) {
  const Projection projection(stored, rows);
  if (!stored.type().starts_with("gantry.")) {  // those are the host's own: a timer fired
    const JsonDocument data(host.json(), stored.data());
    std::visit(projection, R::decode(stored.type(), data.root()));
    projection.remember();
  }
  projection.moved();
}

}  // namespace gantry::reservations
