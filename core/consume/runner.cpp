#include "core/consume/runner.hpp"

#include <algorithm>

#include "gantry/text.hpp"

namespace gantry::consume {
namespace {
constexpr const char* kTopic = "log";  // the in-process bus is the log itself

std::string advice_for(const Halt& halt, Ports& ports, std::string_view database) {
  const sql::Database& rows = ports.database(database);
  const std::string where = rows.where();
  if (halt.cause() == Halt::Cause::kFenced)
    return join("let one server alone use ", where, ", then restart");
  const std::string log = ports.database("events").where();
  if (halt.cause() == Halt::Cause::kDamaged)
    return join("stop the servers, see what `gantry log verify` says, and restore ", log);
  if (where == log) return join("stop the server and restore ", log, " whole, from one backup");
  const std::string restore =
      join("stop the server; then restore the event log ", log, " that belongs to ", where);
  if (database != "projections") return restore;
  if (rows.engine() != "sqlite")  // other data may be there, too
    return join(restore, ", or make the read models anew from the log, see \"Run on PostgreSQL\"");
  return join(restore, ", or delete ", where,
              " so that the read models are made anew from the log");
}
}  // namespace

std::string_view name_of(Kind kind) { return kind == Kind::kProjection ? "projection" : "process"; }

std::string_view name_of(State state) {
  switch (state) {
    case State::kStopped:
      return "stopped";
    case State::kRunning:
      return "running";
    case State::kStandby:
      return "standby";
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
                        {{"topic", kTopic}, {"group", name}, {"partition", "0"}})),
      lease_held(metrics.gauge("event_bus_consumer_lease_held",
                               "1 while this instance runs the consumer, 0 while it does not.",
                               {{"topic", kTopic}, {"group", name}})),
      lease_epoch(metrics.gauge("event_bus_consumer_lease_epoch",
                                "How often the lease of the consumer was taken, by any instance.",
                                {{"topic", kTopic}, {"group", name}})) {}

Runner::Runner(Ports& ports, observe::Metrics& metrics, std::string owner, std::string name,
               Kind kind, uint32_t version, std::string database)
    : ports_(ports),
      metrics_(metrics, name),
      database_(std::move(database)),
      checkpoint_(name, version),
      lease_(
          checkpoint_, [this]() -> sql::Database& { return this->database(); }, ports.clock,
          ports.instance, ports.limits.lease_ms),
      bookmark_(checkpoint_, lease_, ports.clock),
      owner_(std::move(owner)),
      name_(std::move(name)),
      kind_(kind),
      version_(version),
      progress_(std::make_shared<Progress>(ports.timers, ports.limits.waiters_max, [this] {
        if (standby_) ports_.look_sooner();
      })) {}

ConsumerStatus Runner::status() const {
  const Condition now = condition();
  const log::Position position = progress_->position();
  return {name_,         owner_,     kind_,
          version_,      position,   std::max<int64_t>(0, ports_.source.head() - position),
          now.state,     now.reason, lease_.holder(),
          lease_.epoch()};
}

// ---- the lease

bool Runner::take_lease(Standing& row) {
  row = lease_.take();
  show_lease();
  standby_ = !lease_.held();
  if (standby_) {
    progress_->begin_at(row.mark.position);
    return false;
  }
  ports_.logger.info("consumer.lease_taken", "a consumer runs here",
                     {{"consumer", name_}, {"plugin", owner_}, {"epoch", row.epoch}});
  return true;
}

void Runner::lease_is_lost() {
  lease_.lose();
  show_lease();
  ports_.logger.warn("consumer.lease_lost", "another instance runs a consumer now",
                     {{"consumer", name_}, {"plugin", owner_}});
}

void Runner::release_lease() {
  leave_standby();
  try {
    lease_.release();
  } catch (...) {
    ports_.logger.warn(
        "consumer.lease_kept", "a lease could not be given back; it will run out",
        {{"consumer", name_}, {"plugin", owner_}, {"error", current_failure().reason}});
  }
  show_lease();
}

Runner::Time Runner::tend_lease(Time now) {
  if (lease_.held()) {
    if (!lease_.renewal_due()) return Time::max();
    lease_.renew();
    lease_turned();
    return Time::max();
  }
  return standby_ ? look_at_row(now) : Time::max();
}

Runner::Time Runner::look_at_row(Time now) {
  const std::chrono::milliseconds follow(ports_.limits.standby_follow_ms);
  const Time due = progress_->awaited() ? std::min(next_look_, looked_ + follow) : next_look_;
  if (now < due) return due;
  looked_ = now;
  next_look_ =
      now + standby_pause(ports_.limits, static_cast<uint64_t>(now.time_since_epoch().count()));
  const Lease::Look look = lease_.look();
  show_lease();
  progress_->reach(look.row.mark.position);
  show_lag(ports_.source.head());
  if (look.free) lease_turned();
  return progress_->awaited() ? now + follow : next_look_;
}

void Runner::show_lease() {
  metrics_.lease_held.set(lease_.held() ? 1 : 0);
  metrics_.lease_epoch.set(static_cast<double>(lease_.epoch()));
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
  if (failure.unknown_type) {
    ports_.logger.warn("consumer.unknown_type", "a consumer waits for the plugin of an event",
                       fields);
  } else if (failure.infrastructure) {
    ports_.logger.warn("consumer.unavailable", "a consumer waits for its surroundings", fields);
  } else {
    ports_.logger.error("consumer.event_failed", "a consumer failed; it tries again", fields);
  }
}

}  // namespace gantry::consume
