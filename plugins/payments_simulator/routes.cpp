#include "routes.hpp"

#include "ledger_rows.hpp"

namespace gantry::payments_simulator {

Response show_ledger(const Host& host, int64_t entries_max) {
  const Session session = Session::reading(host, kDatabase);
  JsonWriter json;
  json.object().array("entries");
  for (const auto& [entry, at] : newest_entries(session, entries_max)) {
    json.object()
        .field("key", entry.key)
        .field("kind", name_of(entry.kind))
        .field("amount", entry.amount)
        .field("currency", entry.currency)
        .field("outcome", name_of(entry.outcome))
        .field("reference", entry.reference)
        .field("at", at)
        .end();
  }
  json.end().array("totals");
  for (const Totals& sums : totals(session)) {
    json.object()
        .field("currency", sums.currency)
        .field("authorized", sums.authorized)
        .field("captured", sums.captured)
        .field("refunded", sums.refunded)
        .field("net", sums.captured - sums.refunded)
        .end();
  }
  return Response::ok(std::move(json.end().end()).text());
}

}  // namespace gantry::payments_simulator
