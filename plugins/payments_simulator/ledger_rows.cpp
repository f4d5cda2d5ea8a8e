#include "ledger_rows.hpp"

#include <algorithm>

namespace gantry::payments_simulator {
namespace {

constexpr std::string_view kKinds[] = {"authorize", "capture", "cancel", "refund"};
constexpr std::string_view kOutcomes[] = {"authorized", "captured", "voided", "refunded",
                                          "declined"};

template <class Enum, size_t N>
Enum value_of(const std::string_view (&names)[N], std::string_view name) {
  const auto at = std::find(std::begin(names), std::end(names), name);
  if (at == std::end(names)) throw Error(Code::kInternal, join("the ledger holds ", name));
  return static_cast<Enum>(at - std::begin(names));
}

Entry entry_of(const SqlRow& row) {
  return {std::string(row.text(0)), value_of<Kind>(kKinds, row.text(1)),
          std::string(row.text(2)), row.integer(3),
          std::string(row.text(4)), value_of<Outcome>(kOutcomes, row.text(5)),
          std::string(row.text(6)), std::string(row.text(7)),
          std::string(row.text(8)), std::string(row.text(9))};
}

}  // namespace

std::string_view name_of(Kind kind) { return kKinds[static_cast<size_t>(kind)]; }
std::string_view name_of(Outcome outcome) { return kOutcomes[static_cast<size_t>(outcome)]; }

// The row of the key's failures is there from the first call on, to be locked.
void lock_books(const Rows& rows, std::string_view key) {
  rows.run(
      "INSERT INTO simulator_failures (key, count) VALUES (?, 0) "
      "ON CONFLICT (key) DO UPDATE SET count = simulator_failures.count",
      {key});
}

Books read_books(const Rows& rows, std::string_view key) {
  Books books;
  rows.each(
      "SELECT key, kind, payment_key, amount, currency, outcome, decline_code, reference, brand, "
      "last4 FROM simulator_ledger WHERE payment_key = ? OR payment_key IN "
      "(SELECT payment_key FROM simulator_ledger WHERE key = ? AND kind = 'refund') ORDER BY seq",
      {key, key}, [&](const SqlRow& row) { books.entries.push_back(entry_of(row)); });
  rows.first("SELECT count FROM simulator_failures WHERE key = ?", {key},
             [&](const SqlRow& row) { books.failures = static_cast<uint32_t>(row.integer(0)); });
  return books;
}

void add_entry(const Rows& rows, const Entry& entry, Instant now) {
  rows.run(
      "INSERT INTO simulator_ledger (key, kind, payment_key, amount, currency, outcome, "
      "decline_code, reference, brand, last4, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {entry.key, name_of(entry.kind), entry.payment_key, entry.amount, entry.currency,
       name_of(entry.outcome), entry.decline_code, entry.reference, entry.brand, entry.last4, now});
}

void count_failure(const Rows& rows, std::string_view key) {
  rows.run(
      "INSERT INTO simulator_failures (key, count) VALUES (?, 1) "
      "ON CONFLICT (key) DO UPDATE SET count = simulator_failures.count + 1",
      {key});
}

std::vector<DatedEntry> newest_entries(const Rows& rows, int64_t count_max) {
  std::vector<DatedEntry> entries;
  rows.each(
      "SELECT key, kind, payment_key, amount, currency, outcome, decline_code, reference, brand, "
      "last4, at FROM simulator_ledger ORDER BY seq DESC LIMIT ?",
      {count_max}, [&](const SqlRow& row) {
        entries.push_back({entry_of(row), row.instant(10)});
      });
  std::reverse(entries.begin(), entries.end());
  return entries;
}

std::vector<Totals> totals(const Rows& rows) {
  std::vector<Totals> list;
  rows.each(
      "SELECT currency, outcome, sum(amount) FROM simulator_ledger GROUP BY currency, outcome "
      "ORDER BY currency",
      {}, [&](const SqlRow& row) {
        if (list.empty() || list.back().currency != row.text(0))
          list.push_back({std::string(row.text(0)), 0, 0, 0});
        switch (value_of<Outcome>(kOutcomes, row.text(1))) {
          case Outcome::authorized:
            list.back().authorized = row.integer(2);
            break;
          case Outcome::captured:
            list.back().captured = row.integer(2);
            break;
          case Outcome::refunded:
            list.back().refunded = row.integer(2);
            break;
          case Outcome::voided:
          case Outcome::declined:
            break;
        }
      });
  return list;
}

}  // namespace gantry::payments_simulator
