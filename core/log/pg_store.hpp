// log::PgStore: the log's one writing connection to PostgreSQL. A group costs two rounds: lock and
// read, write and commit; or one, where nobody else has written since the last.
#pragma once
#include <atomic>
#include <memory>

#include "core/log/pg_clock.hpp"
#include "core/log/pg_link.hpp"
#include "core/log/pg_log.hpp"
#include "core/log/remembered.hpp"
#include "core/log/store.hpp"

namespace gantry::log {

class PgStore final : public Store {
 public:
  // `backend` is told which process of the server works for this.  throws Unavailable
  PgStore(const std::string& conninfo, const PgLogOptions& options, PgClock& clock,
          const base::Clock& pace, std::atomic<int>& backend);

  Facts begin(const Questions& questions) override;
  std::vector<EventPtr> look(Position first, uint32_t count) override;
  Ending commit(const Changes& changes, std::string& why) override;
  std::optional<Facts> remembered(const Questions& questions) override;
  Ending commit_remembered(const Questions& questions, const Changes& changes,
                           std::string& why) override;
  bool roll_back() noexcept override;
  uint32_t sweep_answers(uint32_t max) override;

 private:
  void send_questions(const Questions& questions);
  Facts take_facts(const Questions& questions);
  Ending ending_of(const PgRows& done, const Changes& changes, std::string& why);
  void push_if_armed();
  void reconnect();
  Position count_on(const Questions& questions);
  Ending settle(const Changes& changes, std::string& why) noexcept;
  PgValues& fresh() {
    values_.clear();
    return values_;
  }

  const std::string& conninfo_;
  const PgLogOptions& options_;
  PgClock& clock_;
  const base::Clock& pace_;
  std::atomic<int>& backend_;
  std::unique_ptr<PgLink> link_;
  bool placed_ = false;              // it has had its place in the log
  std::unique_ptr<PgLink> counter_;  // of the mutation no_log_lock
  Remembered remembered_;
  int64_t repairs_ = 0;  // of es_log, as last read under the log's lock
  PgValues values_;      // reused for every statement
};

}  // namespace gantry::log
