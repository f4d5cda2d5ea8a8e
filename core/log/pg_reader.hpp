// log::PgReader: a reading connection to the log in PostgreSQL. Every read is one statement, so
// nothing keeps a snapshot open.
#pragma once
#include "core/log/pg_clock.hpp"
#include "core/log/pg_link.hpp"
#include "core/log/store.hpp"

namespace gantry::log {

class PgReader final : public Reader {
 public:
  // throws Unavailable
  PgReader(const std::string& conninfo, std::chrono::milliseconds answer_max, PgClock& clock);

  Position head() override;
  std::vector<EventPtr> read(Position after, uint32_t max) override;
  std::vector<EventPtr> read_back(Position before, uint32_t max) override;
  void read_stream(std::string_view stream, int64_t after, uint32_t max,
                   const std::function<bool(const Event&)>& visit) override;
  void read_stream_back(std::string_view stream, int64_t before, uint32_t max,
                        const std::function<bool(const Event&)>& visit) override;
  int64_t stream_version(std::string_view stream) override;
  std::optional<Event> find(const Uuid& event_id) override;
  std::optional<StoredAnswer> answer(std::string_view scope) override;
  std::optional<Snapshot> snapshot(std::string_view stream, int64_t schema) override;
  std::vector<DueTimer> pending_timers(uint32_t max) override;
  bool sound() const override { return link_.sound(); }

 private:
  void read_pages(const char* statement, std::string_view stream, int64_t from, uint32_t max,
                  const std::function<bool(const Event&)>& visit);
  PgClock& clock_;
  PgLink link_;
};

}  // namespace gantry::log
