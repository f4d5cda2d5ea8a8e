// log::SqliteReader: a reading connection to a SQLite log. Sees the last commit and never waits for
// the writer (WAL).
#pragma once
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/log/answer_rows.hpp"
#include "core/log/event_rows.hpp"
#include "core/log/store.hpp"
#include "core/log/timer_rows.hpp"
#include "core/sql/sqlite_connection.hpp"

namespace gantry::log {

class SqliteReader final : public Reader {
 public:
  // throws Unavailable
  SqliteReader(const std::string& file, const sql::SqliteOptions& options,
               const base::Clock& clock);

  Position head() override { return events_.head(); }
  std::vector<EventPtr> read(Position after, uint32_t max) override;
  std::vector<EventPtr> read_back(Position before, uint32_t max) override;
  void read_stream(std::string_view stream, int64_t after, uint32_t max,
                   const std::function<bool(const Event&)>& visit) override;
  void read_stream_back(std::string_view stream, int64_t before, uint32_t max,
                        const std::function<bool(const Event&)>& visit) override;
  int64_t stream_version(std::string_view stream) override {
    return events_.stream(stream).version;
  }
  std::optional<Event> find(const Uuid& event_id) override;
  std::optional<StoredAnswer> answer(std::string_view scope) override {
    return answers_.find(scope, clock_.now());
  }
  std::optional<Snapshot> snapshot(std::string_view stream, int64_t schema) override;
  std::vector<DueTimer> pending_timers(uint32_t max) override { return timers_.pending(max); }
  bool sound() const override { return true; }

 private:
  const base::Clock& clock_;
  sql::SqliteConnection connection_;
  EventRows events_;
  AnswerRows answers_;
  TimerRows timers_;
  sql::SqliteStatement read_stream_, read_stream_back_, snapshot_;
};

}  // namespace gantry::log
