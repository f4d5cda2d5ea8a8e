// Pipeline: answers requests. Stands between the HTTP edge (Handler) and the plugins (Exchanges,
// the table gantry.http/1): chain forward, body, idempotency, handler, chain backward.
//
// Threads: a request runs on its event loop, hops to a worker for what may block, and comes back. A
// plugin may answer later from any thread (PENDING). The edge may end the exchange meanwhile; what
// is still under way then finds GANTRY_STALE and touches only memory of its Run (run.hpp).
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/ids.hpp"
#include "core/base/json.hpp"
#include "core/log/log.hpp"
#include "core/observe/log.hpp"
#include "core/observe/metrics.hpp"
#include "core/pipeline/exchange.hpp"
#include "core/pipeline/exchanges.hpp"
#include "core/pipeline/idempotency.hpp"
#include "core/pipeline/snapshot.hpp"

namespace gantry::pipeline {

struct PipelineOptions {
  uint64_t body_bytes_max = 1 << 20;           // for routes that name none
  uint64_t stream_buffer_bytes_max = 1 << 20;  // pieces on their way to the loop, per exchange
  uint32_t min_position_wait_ms_max = 2000;
  uint32_t query_parameters_max = 100;
  base::JsonBounds json;
  IdempotencyOptions idempotency;
};

// What the pipeline needs from elsewhere; all must outlive it.
struct Ports {
  base::Clock& clock;
  base::Ids& ids;
  observe::Logger& logger;
  observe::Metrics* metrics = nullptr;  // null: none are kept

  // runtime::Workers::submit: false = full; otherwise exactly one of the two is called, on a
  // worker.
  std::function<bool(std::function<void()> task, std::function<void()> on_expired)> submit;
  // consume::Consumers::when: calls back once, from any thread; false = not reached in time.
  std::function<void(const std::string& projection, log::Position position, uint32_t timeout_ms,
                     std::function<void(bool reached)> done)>
      when;
  // log::Log::answer. [worker]
  std::function<std::optional<log::StoredAnswer>(std::string_view scope)> stored;
};

class Pipeline final : public Handler, public Exchanges {
 public:
  // `loops` are all event loops, by index; they must outlive the pipeline's last request, and run
  // no task of it after it is gone.
  Pipeline(const PipelineOptions& options, Ports ports, std::vector<Loop*> loops);
  ~Pipeline() override;

  // Makes every loop use `snapshot` for the requests that begin from then on.
  //
  //   on_switched  once all loops do
  //   on_drained   once, after that, no request uses any older snapshot, including work that goes
  //   on
  //                after its request timed out or its client went away
  //   thread       [setup]; both are called on a loop's thread and must be quick; may be empty
  void publish(SnapshotPtr snapshot, std::function<void()> on_switched,
               std::function<void()> on_drained);
  SnapshotPtr current() const;  // the one published last [any]

  // Handler: called by the edge on the exchange's loop
  void head(Exchange& exchange) override;
  void request(Exchange& exchange) override;
  void refuse(Exchange& exchange, int status, std::string_view code,
              std::string_view detail) override;
  void ended(Exchange& exchange, bool sent) override;

  // Exchanges: called by the table gantry.http/1
  gantry_rc header(gantry_handle exchange, std::string_view name, std::string_view value) override;
  gantry_rc answer(gantry_handle exchange, uint32_t status, std::string_view content_type,
                   std::string_view body) override;
  gantry_rc problem(gantry_handle exchange, uint32_t status, std::string_view code,
                    std::string_view detail, std::string_view params,
                    std::string_view errors) override;
  gantry_rc fail(gantry_handle exchange, gantry_rc rc, std::string_view why) override;
  uint32_t status(gantry_handle exchange) override;
  gantry_rc answer_header(gantry_handle exchange, std::string_view name,
                          std::string& value) override;
  gantry_rc principal(gantry_handle exchange, std::string_view user,
                      std::string_view roles) override;
  gantry_rc resume(gantry_handle exchange, uint32_t verdict) override;
  gantry_rc stream_begin(gantry_handle exchange, uint32_t status,
                         std::string_view content_type) override;
  gantry_rc stream_piece(gantry_handle exchange, std::string_view bytes) override;
  gantry_rc stream_end(gantry_handle exchange) override;
  std::optional<log::StoredAnswer> stored_answer(gantry_handle exchange) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gantry::pipeline
