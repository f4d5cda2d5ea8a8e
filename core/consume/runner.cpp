#include "core/consume/runner.hpp"

#include <algorithm>

#include "gantry/text.hpp"

namespace gantry::consume {
namespace {
constexpr const char* kTopic = "log";  // the in-process bus is the log itself

std::string advice_for(const Halt& halt, Ports& ports, std::string_view database) {
  const std::string where = ports.database(database).where();
  if (halt.cause() == Halt::Cause::kFenced)
    return join("let one server alone use ", where, ", then restart");
  const std::string log = ports.database("events").where();
  if (database != "projections" || where == log)
    return join("stop the server and restore the ", log, " that belongs to ", where);
  return join("stop the server; then restore the event log ", log, " that belongs to ", where,
              ", or delete ", where, " so that the read models are made anew from the log");
}
}  // namespace

std::string_view name_of(Kind kind) { return kind == Kind::kProjection ? "projection" : "process"; }

std::string_view name_of(State state) {
  switch (state) {
    case State::kStopped:
      return "stopped";
    case State::kRunning:
      return "running";
    case State::kRetrying:
      return "retrying";
    case State::kStopping:
      return "stopping";
    case State::kHalted:
      return "halted";
  }
  return "unknown";
}

ConsumerMetrics::ConsumerMetrics(observe::Metrics& metrics, const std::string& name)
    : ok(metrics.counter("event_bus_messages_consumed_total",
                         "Events handled, and attempts failed.",
                         {{"topic", kTopic}, {"group", name}, {"result", "ok"}})),
      failed(metrics.counter("event_bus_messages_consumed_total",
                             "Events handled, and attempts failed.",
                             {{"topic", kTopic}, {"group", name}, {"result", "error"}})),
      seconds(metrics.histogram("event_bus_processing_duration_seconds",
                                "Time of one event (process) or one transaction (projection).",
                                observe::duration_buckets(),
                                {{"topic", kTopic}, {"handler", name}})),
      lag(metrics.gauge("event_bus_consumer_lag", "Events of the log not passed yet.",
                        {{"topic", kTopic}, {"group", name}, {"partition", "0"}})) {}

Runner::Runner(Ports& ports, observe::Metrics& metrics, std::string owner, std::string name,
               Kind kind, uint32_t version)
    : ports_(ports),
      metrics_(metrics, name),
      owner_(std::move(owner)),
      name_(std::move(name)),
      kind_(kind),
      version_(version),
      progress_(std::make_shared<Progress>(ports.timers, ports.limits.waiters_max)) {}

ConsumerStatus Runner::status() const {
  const Condition now = condition();
  const log::Position position = progress_->position();
  return {name_,     owner_,    kind_,
          version_,  position,  std::max<int64_t>(0, ports_.source.head() - position),
          now.state, now.reason};
}

void Runner::tell_progress(log::Position position) {
  progress_->reach(position);
  show_lag(ports_.source.head());
}

void Runner::show_lag(log::Position head) {
  metrics_.lag.set(static_cast<double>(std::max<int64_t>(0, head - progress_->position())));
}

void Runner::log_halt(const Halt& halt, std::string_view database) {
  ports_.logger.error("consumer.halted",
                      join("the ", name_of(kind_), " ", name_, " stopped itself: ", halt.what(),
                           "; ", advice_for(halt, ports_, database)),
                      {{"consumer", name_}, {"plugin", owner_}, {"error", halt.what()}});
}

void Runner::log_failure(log::Position position, const Failure& failure, uint32_t attempt) {
  metrics_.failed.add();
  const std::initializer_list<observe::Field> fields = {{"consumer", name_},
                                                        {"plugin", owner_},
                                                        {"position", position},
                                                        {"attempt", attempt},
                                                        {"error", failure.reason}};
  if (failure.infrastructure) {
    ports_.logger.warn("consumer.unavailable", "a consumer waits for its surroundings", fields);
  } else {
    ports_.logger.error("consumer.event_failed", "a consumer failed; it tries again", fields);
  }
}

}  // namespace gantry::consume
