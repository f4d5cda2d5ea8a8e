#include "core/plugins/adapters.hpp"

#include "core/plugins/reason.hpp"
#include "core/plugins/tables/event.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
// "payment-*", "*" or the name of one stream.
consume::Filter filter_of(std::string_view owner, const gantry_str* streams, uint32_t count) {
  consume::Filter filter;
  for (uint32_t i = 0; i < count; ++i) {
    const std::string_view stream = view(streams[i]);
    if (stream.empty() || stream.size() > 512)
      throw Error(Code::kInvalid, join(owner, ": a stream pattern has 1 to 512 bytes"));
    filter.streams.emplace_back(stream);
  }
  if (filter.streams.empty())
    throw Error(Code::kInvalid, join(owner, " names no streams; \"*\" means all"));
  return filter;
}

[[noreturn]] void fail(gantry_rc rc, const Reason& why) {
  const bool known = rc > GANTRY_OK && rc <= GANTRY_INTERNAL;
  throw Error(known ? static_cast<Code>(rc) : Code::kInternal, why.text());
}

// The host's session as a handle, while in scope.
class LentSession {
 public:
  LentSession(Context& context, sql::Session& session)
      : context_(context), open_(std::make_shared<OpenSession>()) {
    open_->session = &session;
    open_->of_projection = true;
    handle_ = context.sessions.add(open_);
    if (handle_ == 0) throw Error(Code::kExhausted, "too many sessions are open");
  }
  ~LentSession() {
    context_.sessions.take(handle_);
    // A plugin that still uses it on another thread finishes its call first.
    const std::lock_guard lock(open_->mutex);
    open_->session = nullptr;
  }
  LentSession(const LentSession&) = delete;
  LentSession& operator=(const LentSession&) = delete;
  gantry_handle handle() const { return handle_; }

 private:
  Context& context_;
  std::shared_ptr<OpenSession> open_;  // second owner: the table of handles
  gantry_handle handle_ = 0;
};
}  // namespace

consume::Process process_of(const gantry_subscription& subscription, Context& context) {
  const std::string name(view(subscription.name));
  return {name, filter_of(name, subscription.streams, subscription.stream_count),
          [self = subscription.self, handle = subscription.handle,
           &types = context.ports().event_types](const log::Event& event) {
            const CurrentEvent current(event, types);
            Reason why;
            const gantry_rc rc = handle(self, &current.raw(), why.sink());
            if (rc != GANTRY_OK) fail(rc, why);
          }};
}

consume::Projection projection_of(const gantry_projection& projection, Context& context) {
  const std::string name(view(projection.name));
  return {name, projection.version, std::string(view(projection.database)),
          filter_of(name, projection.streams, projection.stream_count),
          [self = projection.self, apply = projection.apply, &context](const log::Event& event,
                                                                       sql::Session& session) {
            const CurrentEvent current(event, context.ports().event_types);
            const LentSession lent(context, session);
            Reason why;
            const gantry_rc rc = apply(self, &current.raw(), lent.handle(), why.sink());
            if (rc != GANTRY_OK) fail(rc, why);
          }};
}

log::Upcast upcast_of(const gantry_event_type& type, const Context& context) {
  if (!type.upcast) return {};
  return [self = type.self, function = type.upcast, gate = context.upcasts,
          owner = context.id()](std::string_view data) {
    TextSink out;
    Reason why;
    if (!gate->enter()) {
      throw Error(Code::kUnavailable,
                  join("the plugin ", owner, ", which upcasts this event, is switched off"));
    }
    const gantry_rc rc = function(self, to_abi(data), out.abi(), why.sink());
    gate->leave();
    if (rc != GANTRY_OK) throw Error(Code::kInvalid, std::string(why.text("failed")));
    return out.take();
  };
}

HealthCheck health_check_of(const gantry_health_check& check) {
  return {std::string(view(check.name)), check.critical != 0,
          std::chrono::milliseconds(check.timeout_ms),
          [self = check.self, function = check.check](std::string& detail) {
            Reason why;
            const gantry_rc rc = function(self, why.sink());
            if (rc != GANTRY_OK) detail = why.text("failed");
            return rc;
          }};
}

}  // namespace gantry::plugins
