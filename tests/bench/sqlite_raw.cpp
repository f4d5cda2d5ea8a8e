// What one event a transaction costs with sqlite3 alone: "events/s p50_us p99_us".
//   sqlite_raw FILE seconds
// FILE is a log made by log_append (the same tables, indexes and rows); WAL, synchronous=FULL,
// prepared statements, one transaction after the other: the row of the event, with every twentieth
// the row of a new stream, COMMIT. Event ids come in no order, as the log's do. Nothing is looked
// up first: that is the log's own business and counts against it.
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/runtime/system_clock.hpp"
#include "core/runtime/system_ids.hpp"
#include "gantry/text.hpp"

namespace {

sqlite3* db = nullptr;

[[noreturn]] void give_up(const char* doing) {
  std::fprintf(stderr, "sqlite_raw: %s: %s\n", doing, sqlite3_errmsg(db));
  std::exit(1);
}
void run(const char* text) {
  if (sqlite3_exec(db, text, nullptr, nullptr, nullptr) != SQLITE_OK) give_up(text);
}
sqlite3_stmt* prepare(const char* text) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db, text, -1, &statement, nullptr) != SQLITE_OK) give_up(text);
  return statement;
}
void step(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) give_up(sqlite3_sql(statement));
  sqlite3_reset(statement);
}
int64_t number(const char* query) {
  sqlite3_stmt* statement = prepare(query);
  if (sqlite3_step(statement) != SQLITE_ROW) give_up(query);
  const int64_t value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: sqlite_raw FILE seconds\n");
    return 2;
  }
  if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK) {
    give_up("open");
  }
  run("PRAGMA journal_mode = WAL");
  run("PRAGMA synchronous = FULL");
  run("PRAGMA foreign_keys = ON");
  int64_t position = number("SELECT coalesce(max(position), 0) FROM es_event");
  int64_t stream = number("SELECT coalesce(max(stream_id), 0) FROM es_stream");
  sqlite3_stmt* begin = prepare("BEGIN IMMEDIATE");
  sqlite3_stmt* commit = prepare("COMMIT");
  sqlite3_stmt* new_stream = prepare("INSERT INTO es_stream (stream_id, name) VALUES (?, ?)");
  sqlite3_stmt* event = prepare(
      "INSERT INTO es_event (position, stream_id, version, event_id, type, data, meta, "
      "recorded_at, crc32) VALUES (?, ?, ?, ?, 'bench.happened.v1', ?, ?, ?, 12345)");
  const std::string data = "{\"text\":\"" + std::string(240, 'x') + "\"}";
  const std::string meta =
      R"({"request_id":"018f2f6e-7b4a-7cc1-a2b9-000000000000","actor":"bench"})";

  const gantry::runtime::SystemClock clock;
  gantry::runtime::SystemIds ids(clock);
  const double seconds = std::atof(argv[2]);
  const int64_t ends = clock.monotonic_ns() + static_cast<int64_t>(seconds * 1e9);
  std::vector<int64_t> took_us;
  for (int64_t version = 0; clock.monotonic_ns() < ends;) {
    const int64_t began = clock.monotonic_ns();
    step(begin);
    if (version % 20 == 0) {
      version = 0;
      const std::string name = gantry::join("bench-", ids.uuid7().text());
      sqlite3_bind_int64(new_stream, 1, ++stream);
      sqlite3_bind_text(new_stream, 2, name.data(), static_cast<int>(name.size()),
                        SQLITE_TRANSIENT);
      step(new_stream);
    }
    const gantry::Uuid id = gantry::uuid5(ids.uuid7(), "0");
    sqlite3_bind_int64(event, 1, ++position);
    sqlite3_bind_int64(event, 2, stream);
    sqlite3_bind_int64(event, 3, ++version);
    sqlite3_bind_blob(event, 4, id.bytes().data(), static_cast<int>(id.bytes().size()),
                      SQLITE_TRANSIENT);
    sqlite3_bind_text(event, 5, data.data(), static_cast<int>(data.size()), SQLITE_STATIC);
    sqlite3_bind_text(event, 6, meta.data(), static_cast<int>(meta.size()), SQLITE_STATIC);
    sqlite3_bind_int64(event, 7, clock.now().us());
    step(event);
    step(commit);
    took_us.push_back((clock.monotonic_ns() - began) / 1000);
  }
  std::sort(took_us.begin(), took_us.end());
  if (took_us.empty()) return 1;
  std::printf("%.0f events/s, p50 %lld us, p99 %lld us\n",
              static_cast<double>(took_us.size()) / seconds,
              static_cast<long long>(took_us[took_us.size() / 2]),
              static_cast<long long>(took_us[took_us.size() * 99 / 100]));
  for (sqlite3_stmt* one : {begin, commit, new_stream, event}) sqlite3_finalize(one);
  sqlite3_close(db);
}
