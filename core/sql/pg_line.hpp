// sql::PgLine: one of an event loop's connections to PostgreSQL, over its whole life: opened on a
// worker when it is first needed, used by the loop, given up when an ask on it takes too long, and
// made anew. Loop thread only.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/sql/asker.hpp"
#include "core/sql/pg_pipe.hpp"
#include "core/sql/way_back.hpp"

namespace gantry::sql {

class PgLine {
 public:
  // Opens a connection; throws Unavailable. Called on workers.
  using Open = std::function<std::unique_ptr<PgConnection>()>;

  PgLine(const AskerPorts& ports, Open open);
  ~PgLine();
  PgLine(const PgLine&) = delete;
  PgLine& operator=(const PgLine&) = delete;

  // Sent when this turn of the loop ends, together with what else is put in meanwhile; or when
  // there is a connection again. If the next attempt to connect fails it is refused.
  void put(AskPtr ask);

  bool is_open() const { return pipe_.has_value(); }
  size_t outstanding() const { return waiting_.size() + (pipe_ ? pipe_->outstanding() : 0); }

  // Begins to connect, unless it is connected or has failed to a moment ago.
  void warm_up();

 private:
  void schedule();
  void send();
  void flush();
  void watch(uint32_t events);
  void ready(uint32_t events);
  void connect();
  void connected(std::unique_ptr<PgConnection> connection, const std::string& why_not);
  void wait_to_connect();
  void refuse_waiting(Code code, std::string_view why);
  void lost();
  std::vector<AskPtr> close();
  void set_deadline();
  void expire();

  const AskerPorts ports_;
  const Open open_;
  const std::shared_ptr<WayBack> way_;  // second owners: workers that connect
  std::optional<PgPipe> pipe_;
  std::deque<AskPtr> waiting_;  // to be sent
  uint32_t watched_ = 0;        // what the loop watches the socket for
  bool scheduled_ = false;      // send() will be called
  bool connecting_ = false;
  std::chrono::milliseconds pause_{0};  // before the next attempt to connect
  int64_t not_before_ns_ = 0;
  uint64_t retry_ = 0, deadline_ = 0;  // timers
};

}  // namespace gantry::sql
