#include "core/verify/dense_log.hpp"

#include <algorithm>
#include <cstring>

#include "core/verify/crc32.hpp"

namespace gantry::verify {
namespace {

int64_t number(Database& database, const std::string& sql) {
  const auto row = database.query(sql);
  return row->next() ? row->integer(0) : 0;
}

std::string text(int64_t number) { return std::to_string(number); }

}  // namespace

DenseLog::DenseLog(Database& events, Report& report) : events_(events), report_(report) {
  // Ids of streams are given one after the other, so a list by id wastes nothing.
  const int64_t highest = number(events, "SELECT coalesce(max(stream_id), 0) FROM es_stream");
  const int64_t streams = number(events, "SELECT count(*) FROM es_stream");
  if (highest > 4 * streams + 1'000'000)
    throw CannotRead("es_stream has ids up to " + text(highest) + " for " + text(streams) +
                     " streams");
  versions_.resize(static_cast<size_t>(highest) + 1);
}

void DenseLog::see(const Event& event, Json data) {
  ++count_;
  if (event.position != last_position_ + 1)
    broken(event.position, "follows position " + text(last_position_));
  last_position_ = event.position;
  if (checksum_of(event) != event.crc32) broken(event.position, "the checksum does not match");
  if (!data.is_object()) broken(event.position, "its data is no JSON object");
  see_version(event);
}

void DenseLog::see_version(const Event& event) {
  const bool known = event.stream_id > 0 && !event.stream.empty() &&
                     static_cast<size_t>(event.stream_id) < versions_.size();
  if (!known)
    return broken(event.position,
                  "belongs to stream " + text(event.stream_id) + ", which es_stream does not have");
  uint32_t& last = versions_[static_cast<size_t>(event.stream_id)];
  if (event.version != int64_t{last} + 1)
    broken(event.position, "version " + text(event.version) + " of " + std::string(event.stream) +
                               " follows version " + text(last));
  last = static_cast<uint32_t>(event.version);
}

void DenseLog::end() {
  check_streams();
  check_copy();
  report_.checked(Invariant::dense, count_, "events");
}

void DenseLog::check_streams() {
  const auto row = events_.query("SELECT stream_id, name FROM es_stream ORDER BY stream_id");
  while (row->next()) {
    const auto id = static_cast<size_t>(row->integer(0));
    if (id < versions_.size() && versions_[id] > 0) continue;
    broken(0, "stream " + std::string(row->bytes(1)) + " has no event");
  }
}

void DenseLog::check_copy() {
  const auto row = events_.query("SELECT name FROM es_log WHERE log_id = 0");
  if (row->next() && row->bytes(0) == "copying")
    broken(0, "a copy into this log was not finished: gantry log copy goes on with it");
}

// Half an id that is there twice is looked at whole: the halves alone may meet by chance.
void check_event_ids(Database& events, Report& report) {
  std::vector<uint64_t> halves;
  halves.reserve(static_cast<size_t>(number(events, "SELECT count(*) FROM es_event")));
  const auto all = events.query("SELECT event_id FROM es_event ORDER BY position");
  while (all->next()) {
    uint64_t half = 0;
    std::memcpy(&half, all->uuid(0).bytes.data() + 8, sizeof half);
    halves.push_back(half);
  }
  std::sort(halves.begin(), halves.end());
  if (std::adjacent_find(halves.begin(), halves.end()) == halves.end()) return;
  const auto twice = events.query(
      "SELECT event_id, min(position), max(position) FROM es_event GROUP BY event_id "
      "HAVING count(*) > 1");
  while (twice->next())
    report.broken(
        Invariant::dense, twice->integer(2),
        "has the event id " + twice->uuid(0).text() + " of position " + text(twice->integer(1)));
}

}  // namespace gantry::verify
