// The simulator's books in SQL. Callers bring the session and, for writing, the transaction.
// [worker] [bus]
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gantry/sql.hpp"
#include "simulation.hpp"

namespace gantry::payments_simulator {

constexpr std::string_view kDatabase = "projections";

std::string_view name_of(Kind kind);
std::string_view name_of(Outcome outcome);

// Until the transaction ends, another call with this key waits.
void lock_books(const Rows& rows, std::string_view key);
// Books of the payment that `key` belongs to; `key` may be that of a refund.
Books read_books(const Rows& rows, std::string_view key);
void add_entry(const Rows& rows, const Entry& entry, Instant now);
void count_failure(const Rows& rows, std::string_view key);

struct DatedEntry {
  Entry entry;
  Instant at;
};
// The newest `count_max`, oldest first.
std::vector<DatedEntry> newest_entries(const Rows& rows, int64_t count_max);

struct Totals {
  std::string currency;
  int64_t authorized = 0, captured = 0, refunded = 0;
};
std::vector<Totals> totals(const Rows& rows);

}  // namespace gantry::payments_simulator
