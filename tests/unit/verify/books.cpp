#include "tests/unit/verify/books.hpp"

#include "core/verify/crc32.hpp"

namespace gantry::verify {
namespace {

std::string quoted(const std::string& text) { return "'" + text + "'"; }
std::string n(int64_t number) { return std::to_string(number); }
std::string by(const std::string& reservation) {
  return R"("reservation_id":")" + Books::text(reservation) + '"';
}
std::string euros(int64_t cents) { return R"({"amount":)" + n(cents) + R"(,"currency":"EUR"})"; }

}  // namespace

Books::Books(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {
  run("BEGIN");
  tell_story();
  write_views();
  write_checkpoints();
  run("COMMIT");
}

int64_t Books::append(const std::string& stream, const std::string& type, const std::string& data,
                      Uuid event_id) {
  const int64_t position = ++head_;
  if (event_id == Uuid()) event_id = uuid5(command(position), "0");
  last_id_ = event_id;
  auto& [id, version] = streams_[stream];
  if (++version == 1) {
    id = static_cast<int64_t>(streams_.size());
    run("INSERT INTO es_stream (stream_id, name) VALUES (" + n(id) + "," + quoted(stream) + ")");
  }
  const std::string meta = "{}";
  const Event event{position, id,    version, event_id, type, data, meta, kStart + position * 1000,
                    0,        stream};
  run("INSERT INTO es_event (position, stream_id, version, event_id, type, data, meta, "
      "recorded_at, crc32) VALUES (" +
      n(position) + "," + n(id) + "," + n(version) + "," + engine_->literal(event_id) + "," +
      quoted(type) + "," + quoted(data) + ",'{}'," + n(event.recorded_at) + "," +
      n(checksum_of(event)) + ")");
  return position;
}

void Books::unbind(const std::string& table) {
  run("CREATE TABLE unbound AS SELECT * FROM " + table);
  run("DROP TABLE " + table);
  run("ALTER TABLE unbound RENAME TO " + table);
}

Report Books::verify(Sources sources) const {
  sources.events = sources.projections = engine_->url();
  return gantry::verify::run(sources, [](int64_t, int64_t) {});
}

void Books::tell_story() {
  const auto hold = [&](const std::string& section, const std::string& who,
                        const std::string& places) {
    append(section, "events.inventory_held.v1", "{" + by(who) + "," + places + "}");
  };
  const auto reserve = [&](const std::string& who) {
    append("reservation-" + text(who), "reservations.held.v1", "{}");
  };
  const auto request = [&](const std::string& payment, const std::string& who, int64_t cents) {
    append("reservation-" + text(who), "reservations.payment_started.v1", "{}");
    append("payment-" + text(payment), "payments.requested.v1",
           "{" + by(who) + R"(,"amount":)" + euros(cents) + "}");
  };
  const auto settle = [&](const std::string& payment, const std::string& who,
                          const std::string& section, const std::string& places, int64_t cents) {
    append("payment-" + text(payment), "payments.authorized.v1", R"({"provider":"simulator"})");
    append("reservation-" + text(who), "reservations.confirmed.v1", "{}");
    append(section, "events.inventory_confirmed.v1", "{" + by(who) + "," + places + "}");
    append("payment-" + text(payment), "payments.captured.v1",
           R"({"amount":)" + euros(cents) + "}");
  };
  append(stalls(), "events.inventory_opened.v1",
         R"({"kind":"numbered","capacity":4,"rows":[{"row":"A","seats":4}]})");
  append(floor(), "events.inventory_opened.v1", R"({"kind":"general_admission","capacity":5})");
  const std::string two = R"("quantity":2,"seats":["A-1","A-2"])",
                    third = R"("quantity":1,"seats":["A-3"])", places = R"("quantity":2)";
  hold(stalls(), "ann", two);
  reserve("ann");
  hold(stalls(), "bob", third);
  reserve("bob");
  request("ann-pays", "ann", 5000);
  settle("ann-pays", "ann", stalls(), two, 5000);

  // Bob does nothing; Cat gets his seat.
  const std::string bob = "reservation-" + text("bob");
  const Uuid timer = uuid5(uuid5(Uuid(), "gantry.timer"), bob + "\nexpiry");
  append(bob, "gantry.timer_fired.v1",
         R"({"key":"expiry","due_at":")" + std::string(kStartText) + R"(","payload":{}})",
         uuid5(timer, "1"));
  append(bob, "reservations.expired.v1", "{}");
  append(stalls(), "events.inventory_released.v1",
         "{" + by("bob") + R"(,"from":"held","cause":"expired",)" + third + "}");
  hold(stalls(), "cat", third);
  reserve("cat");
  append(stalls(), "events.inventory_extended.v1", "{" + by("cat") + "}");

  // Dan buys two places and gives them back.
  hold(floor(), "dan", places);
  reserve("dan");
  request("dan-pays", "dan", 3000);
  settle("dan-pays", "dan", floor(), places, 3000);
  const std::string refund =
      R"({"refund_id":")" + text("dan-refund") + R"(","amount":)" + euros(3000);
  append("payment-" + text("dan-pays"), "payments.refund_requested.v1", refund + "}");
  append("payment-" + text("dan-pays"), "payments.refunded.v1",
         refund + R"(,"refunded_total":)" + euros(3000) + R"(,"all":true})");
  append("reservation-" + text("dan"), "reservations.cancelled.v1", "{}");
  append(floor(), "events.inventory_released.v1",
         "{" + by("dan") + R"(,"from":"sold","cause":"refunded",)" + places + "}");

  const auto set = [&](const std::string& who, int64_t due_at, int status) {
    run("INSERT INTO es_timer (stream, key, revision, due_at, payload, status, command) VALUES (" +
        quoted("reservation-" + text(who)) + ",'expiry',1," + n(due_at) + ",'{}'," + n(status) +
        "," + engine_->literal(id("any")) + ")");
  };
  set("ann", kStart + 60'000'000, 2);
  set("bob", kStart, 1);
  set("cat", kStart + 60'000'000, 0);
}

void Books::write_views() {
  const auto section = [&](const std::string& name, const std::string& kind, int capacity, int held,
                           int sold, int64_t version) {
    run("INSERT INTO section_availability (event_id, section, opened, kind, capacity, seat_rows, "
        "held, sold, version) VALUES (" +
        quoted(text("event")) + "," + quoted(name) + ",1," + quoted(kind) + "," + n(capacity) +
        ",'[]'," + n(held) + "," + n(sold) + "," + n(version) + ")");
  };
  section("Stalls", "numbered", 4, 1, 2, streams_[stalls()].second);
  section("Floor", "general_admission", 5, 0, 0, streams_[floor()].second);
  for (const auto& [seat, state] :
       std::map<std::string, std::string>{{"A-1", "sold"}, {"A-2", "sold"}, {"A-3", "held"}}) {
    run("INSERT INTO seat_state (event_id, section, seat, state) VALUES (" + quoted(text("event")) +
        ",'Stalls'," + quoted(seat) + "," + quoted(state) + ")");
  }
  for (const auto& [who, state] : std::map<std::string, std::string>{
           {"ann", "confirmed"}, {"bob", "expired"}, {"cat", "held"}, {"dan", "cancelled"}}) {
    run("INSERT INTO reservations_view (id, event_id, owner_id, customer_id, state, created_at, "
        "expires_at, version, held, payment_ids, ticket_ids) VALUES (" +
        quoted(text(who)) + ",'','',''," + quoted(state) + ",0,0," +
        n(streams_["reservation-" + text(who)].second) + ",'{}','[]','[]')");
  }
  const auto payment = [&](const std::string& name, const std::string& who, int64_t cents,
                           int64_t refunded) {
    run("INSERT INTO payments_view (id, reservation_id, customer_id, amount, currency, "
        "amount_refunded, amount_committed, state, provider, provider_reference, method_type, "
        "brand, last4, failure_code, attempts_left, created_at, version) VALUES (" +
        quoted(text(name)) + "," + quoted(text(who)) + ",''," + n(cents) + ",'EUR'," + n(refunded) +
        "," + n(refunded) + ",'captured','simulator','','card','','','',0,0," +
        n(streams_["payment-" + text(name)].second) + ")");
  };
  payment("ann-pays", "ann", 5000, 0);
  payment("dan-pays", "dan", 3000, 3000);
  run("INSERT INTO refunds_view (id, payment_id, customer_id, amount, currency, state, reason, "
      "created_at) VALUES (" +
      quoted(text("dan-refund")) + "," + quoted(text("dan-pays")) +
      ",'',3000,'EUR','succeeded','',0)");
  int64_t seq = 0;
  const auto entry = [&](const std::string& key, const std::string& kind,
                         const std::string& payment_key, int64_t cents,
                         const std::string& outcome) {
    run("INSERT INTO simulator_ledger (seq, key, kind, payment_key, amount, currency, outcome, "
        "decline_code, reference, brand, last4, at) VALUES (" +
        n(++seq) + "," + quoted(text(key)) + "," + quoted(kind) + "," + quoted(text(payment_key)) +
        "," + n(cents) + ",'EUR'," + quoted(outcome) + ",'','','','',0)");
  };
  entry("ann-pays", "authorize", "ann-pays", 5000, "authorized");
  entry("ann-pays", "capture", "ann-pays", 5000, "captured");
  entry("dan-pays", "capture", "dan-pays", 3000, "captured");
  entry("dan-refund", "refund", "dan-pays", 3000, "refunded");
}

void Books::write_checkpoints() {
  run("CREATE TABLE es_projected (consumer TEXT NOT NULL, version BIGINT NOT NULL, "
      "position BIGINT NOT NULL)");
  for (const auto& [consumer, category] :
       std::map<std::string, std::string>{{"events.availability", "inventory"},
                                          {"reservations.view", "reservation"},
                                          {"payments.view", "payment"}}) {
    run("INSERT INTO es_checkpoint (consumer, version, position, event_id, updated_at) VALUES (" +
        quoted(consumer) + ",1," + n(head_) + "," + engine_->bytes(last_id_) + ",0)");
    run("INSERT INTO es_projected (consumer, version, position) SELECT '" + consumer +
        "', 1, e.position FROM es_event e JOIN es_stream s ON s.stream_id = e.stream_id "
        "WHERE s.name LIKE '" +
        category + "-%'");
  }
}

}  // namespace gantry::verify
