// log::StoredLog: the log over an engine: one writer, readers, the thread of timers, and a thread
// that listens for what other processes append.
#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "core/log/readers.hpp"
#include "core/log/refusals.hpp"
#include "core/log/timers.hpp"
#include "core/log/writer.hpp"

namespace gantry::log {

// Several servers may serve one log; whoever copies has it alone.
enum class Use : uint8_t {
  kServe,     // refuses a log that a copy was not finished into
  kCopyFrom,  // refuses it too; the log must be there, of this version, and is not written to
  kCopyTo,
};

struct StoredLogOptions {
  Limits limits;
  uint32_t readers_max = 4;
  std::chrono::milliseconds read_wait_max{2000};  // for a free reader
  std::chrono::milliseconds timer_wait_max{
      1000};  // timers look at the clock no less often: it may jump
  uint32_t timer_batch_max = 64;
  std::chrono::milliseconds answer_sweep_every{60000};
  uint32_t answer_sweep_max = 200;
  // PostgreSQL sees to who has the log; for a SQLite file, whoever opens it does.
  Use use = Use::kServe;
};

class StoredLog final : public Log {
 public:
  // `clock` must live longer than the log; its monotonic side paces the upkeep.
  //   throws Unavailable  the engine does not open
  //          Invalid      a bound is 0
  StoredLog(std::unique_ptr<Engine> engine, const StoredLogOptions& options,
            const base::Clock& clock);
  ~StoredLog() override { stop(); }

  void append(Unit unit, std::function<void(const Outcome&)> done) override;
  void append_here(Unit unit, std::function<void(const Outcome&)> done) override;
  uint32_t read_stream(std::string_view stream, int64_t after, uint32_t max,
                       const std::function<bool(const Event&)>& visit) override;
  uint32_t read_stream_back(std::string_view stream, int64_t before, uint32_t max,
                            const std::function<bool(const Event&)>& visit) override;
  int64_t stream_version(std::string_view stream) override;
  std::vector<EventPtr> read(Position after, uint32_t max) override;
  std::vector<EventPtr> read_back(Position before, uint32_t max) override;
  std::optional<Event> find(const Uuid& event_id) override;
  Position head() const override { return writer_.head(); }
  std::optional<StoredAnswer> answer(std::string_view scope) override;
  std::optional<Snapshot> snapshot(std::string_view stream, int64_t schema) override;
  void keep_snapshot(const Snapshot& snapshot) override;
  void on_commit(std::function<void(Position)> signal) override {
    writer_.on_commit(std::move(signal));
  }
  Instant now() const override { return engine_->now(); }
  void stop() override;
  AppendStats stats() const override;
  std::optional<Error> write_fault() const override { return writer_.fault(); }
  std::optional<Error> timer_fault() const override { return timers_.fault(); }
  void probe_write() override { writer_.probe(); }

 private:
  void put(Unit unit, std::function<void(const Outcome&)> done,
           std::optional<Outcome> (Writer::*way)(QueuedUnit&));
  void look_for_news();

  const std::unique_ptr<Engine> engine_;
  const Limits limits_;
  std::atomic<uint64_t> invalid_{0};
  Refusals refusals_;
  Writer writer_;
  Readers readers_;
  Timers timers_;
  std::thread listener_;
};

}  // namespace gantry::log
