// Plan: what a plugin adds to the server, as C++ functions. Each is kept alive with the plugin and
// called inside the guard: what it throws costs one request or one retry, never the host.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/abi/plan.h"
#include "gantry/context.hpp"
#include "gantry/sql.hpp"

namespace gantry {

using RouteHandler = std::function<Response(Context&, const Request&)>;

enum class Verdict : uint32_t {
  next = GANTRY_NEXT,      // go on with the chain
  done = GANTRY_DONE,      // answered through Passage::answer
  worker = GANTRY_WORKER,  // call me again where I may block
};
using OnRequest = std::function<Verdict(const Passage&, const Request&)>;
using OnResponse = std::function<void(const Passage&, const Request&)>;

enum class Access : uint32_t {
  kPublic = GANTRY_ACCESS_PUBLIC,
  kSession = GANTRY_ACCESS_SESSION,  // any authenticated user; ownership is the handler's business
  kRole = GANTRY_ACCESS_ROLE,
};
enum class Runs : uint32_t { kOnLoop = GANTRY_ON_LOOP, kOnWorker = GANTRY_ON_WORKER };
enum class Idempotency : uint32_t {
  kNone = GANTRY_IDEMPOTENCY_NONE,
  kOptional = GANTRY_IDEMPOTENCY_OPTIONAL,
  kRequired = GANTRY_IDEMPOTENCY_REQUIRED,
};

struct RouteOptions {
  Access access;  // no default: say who may call it
  Runs runs = Runs::kOnWorker;
  Idempotency idempotency = Idempotency::kNone;
  std::string_view chain =
      {};  // empty: "public" for public routes, "private" for sessions, "admin" for roles
  std::string_view roles = {};   // for kRole, separated by one space
  std::string_view body = {};    // JSON Schema of the request body; empty: no body
  std::string_view answer = {};  // JSON Schema of the 2xx answer
  std::string_view reads = {};   // projection that Gantry-Min-Position waits for
  uint64_t body_bytes_max = 0;   // 0: the server's
  std::string_view summary = {};
};

// Data of version N made of that of version N-1, as one JSON object. A pure function: it is called
// again for each delivery of an old event. What it throws keeps that event from being delivered.
using Upcast = std::function<std::string(Json)>;

// A row of a plugin's table of event types.
struct EventType {
  std::string_view type;                  // "<plugin id>.<past_tense>.v<N>"
  std::string_view schema;                // JSON Schema of its data
  std::string (*upcast)(Json) = nullptr;  // from the version before; null for v1
};

namespace detail {

struct Declaration {
  virtual ~Declaration() = default;
};
// Owned by the plugin's instance; the host holds pointers into it until destroy().
using Declared = std::vector<std::unique_ptr<Declaration>>;

struct Route final : Declaration {
  Route(const Host& h, RouteHandler f) : host(h), handler(std::move(f)) {}
  const Host& host;
  RouteHandler handler;

  static uint32_t call(void* self, gantry_handle exchange, const gantry_request* raw) noexcept {
    auto& route = *static_cast<Route*>(self);
    const auto& http = route.host.http();
    try {
      const Request request(*raw, &route.host.json());
      return answer(route, exchange, request);
    } catch (const Problem& problem) {
      const gantry_rc rc = guarded(nullptr, [&] { problem.response().apply(http, exchange); });
      if (rc != GANTRY_OK)
        http.fail(http.self, exchange, rc, to_abi("a problem that cannot be written"));
    } catch (...) {
      std::string why;
      const gantry_rc rc = report_current([&](std::string_view text) { why = text; });
      http.fail(http.self, exchange, rc, to_abi(why));
    }
    return GANTRY_DONE;
  }

  static uint32_t answer(Route& route, gantry_handle exchange, const Request& request) {
    Context context(route.host, request, exchange);
    try {
      const Response response = decided([&] { return route.handler(context, request); },
                                        [&] { return context.begun_unit(); });
      if (Unit* unit = context.begun_unit())
        return Conclusion(route.host, request, exchange).later(*unit, response);
      if (response.is_later()) return GANTRY_PENDING;
      response.apply(route.host.http(), exchange);
      return GANTRY_DONE;
    } catch (const Conflict& conflict) {
      return Conclusion(route.host, request, exchange).again(conflict.detail());
    }
  }
};

struct Middleware final : Declaration {
  Middleware(const Host& h, OnRequest in, OnResponse out)
      : host(h), on_request(std::move(in)), on_response(std::move(out)) {}
  const Host& host;
  OnRequest on_request;
  OnResponse on_response;

  static uint32_t request(void* self, gantry_handle exchange, const gantry_request* raw) noexcept {
    auto& m = *static_cast<Middleware*>(self);
    const auto& http = m.host.http();
    try {
      return static_cast<uint32_t>(
          m.on_request(Passage(m.host, exchange), Request(*raw, &m.host.json())));
    } catch (const Problem& problem) {
      guarded(nullptr, [&] { problem.response().apply(http, exchange); });
    } catch (...) {
      std::string why;
      const gantry_rc rc = report_current([&](std::string_view text) { why = text; });
      http.fail(http.self, exchange, rc, to_abi(why));
    }
    return GANTRY_DONE;
  }
  static void response(void* self, gantry_handle exchange, const gantry_request* raw) noexcept {
    auto& m = *static_cast<Middleware*>(self);
    const auto& http = m.host.http();
    try {
      m.on_response(Passage(m.host, exchange), Request(*raw, &m.host.json()));
    } catch (...) {
      std::string why;
      const gantry_rc rc = report_current([&](std::string_view text) { why = text; });
      http.fail(http.self, exchange, rc, to_abi(why));
    }
  }
};

struct Upcaster final : Declaration {
  Upcaster(const Host& h, Upcast f) : host(h), upcast(std::move(f)) {}
  const Host& host;
  Upcast upcast;
  static gantry_rc call(void* self, gantry_str data, const gantry_sink* out,
                        const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      const auto& upcaster = *static_cast<Upcaster*>(self);
      const JsonDocument old(upcaster.host.json(), from_abi(data));
      say(out, upcaster.upcast(old.root()));
    });
  }
};

struct Subscription final : Declaration {
  explicit Subscription(std::function<void(const StoredEvent&)> f) : handler(std::move(f)) {}
  std::function<void(const StoredEvent&)> handler;
  static gantry_rc call(void* self, const gantry_event* event, const gantry_sink* why) noexcept {
    return guarded(why, [&] { static_cast<Subscription*>(self)->handler(StoredEvent(*event)); });
  }
};

struct Projection final : Declaration {
  Projection(const Host& h, std::function<void(const StoredEvent&, const Rows&)> f)
      : host(h), apply(std::move(f)) {}
  const Host& host;
  std::function<void(const StoredEvent&, const Rows&)> apply;
  static gantry_rc call(void* self, const gantry_event* event, gantry_handle session,
                        const gantry_sink* why) noexcept {
    auto& p = *static_cast<Projection*>(self);
    return guarded(why, [&] { p.apply(StoredEvent(*event), Rows(p.host.sql(), session)); });
  }
};

struct HealthCheck final : Declaration {
  explicit HealthCheck(std::function<void()> f) : check(std::move(f)) {}
  std::function<void()> check;
  static gantry_rc call(void* self, const gantry_sink* why) noexcept {
    return guarded(why, [&] { static_cast<HealthCheck*>(self)->check(); });
  }
};

}  // namespace detail

class Plan {
 public:
  Plan(const gantry_plan& raw, const Host& host, detail::Declared& declared)
      : raw_(&raw), host_(host), declared_(declared) {}

  // pattern: "/api/events/{id:uuid}"; parameters are read by place.
  void route(std::string_view method, std::string_view pattern, RouteHandler handler,
             const RouteOptions& options) {
    auto& kept = keep<detail::Route>(host_, std::move(handler));
    gantry_route route{};
    route.size = sizeof route;
    route.access = static_cast<uint32_t>(options.access);
    route.thread = static_cast<uint32_t>(options.runs);
    route.idempotency = static_cast<uint32_t>(options.idempotency);
    route.body_bytes_max = options.body_bytes_max;
    route.method = to_abi(method);
    route.pattern = to_abi(pattern);
    route.chain = to_abi(!options.chain.empty()               ? options.chain
                         : options.access == Access::kPublic  ? "public"
                         : options.access == Access::kSession ? "private"
                                                              : "admin");
    route.roles = to_abi(options.roles);
    route.body_schema = to_abi(options.body);
    route.answer_schema = to_abi(options.answer);
    route.reads = to_abi(options.reads);
    route.summary = to_abi(options.summary);
    route.self = &kept;
    route.handle = &detail::Route::call;
    add(raw_->route, &route);
  }

  // phase: edge trace admit authn quota authz validate cache audit. Either function may be empty.
  void middleware(std::string_view name, std::string_view phase, OnRequest on_request,
                  OnResponse on_response = {}) {
    const bool in = static_cast<bool>(on_request), out = static_cast<bool>(on_response);
    auto& kept = keep<detail::Middleware>(host_, std::move(on_request), std::move(on_response));
    gantry_middleware middleware{};
    middleware.size = sizeof middleware;
    middleware.name = to_abi(name);
    middleware.phase = to_abi(phase);
    middleware.self = &kept;
    middleware.on_request = in ? &detail::Middleware::request : nullptr;
    middleware.on_response = out ? &detail::Middleware::response : nullptr;
    add(raw_->middleware, &middleware);
  }

  // One version of an event type, v1 first and the current one last. Only the current one can be
  // appended; handlers, projections and subscriptions see no other. An upcaster needs
  // gantry.json/1.
  void event(std::string_view type, std::string_view schema, Upcast upcast = {}) {
    gantry_event_type entry{};
    entry.size = sizeof entry;
    entry.type = to_abi(type);
    entry.schema = to_abi(schema);
    if (upcast) {
      entry.self = &keep<detail::Upcaster>(host_, std::move(upcast));
      entry.upcast = &detail::Upcaster::call;
    }
    add(raw_->event_type, &entry);
  }
  template <class Table>  // of EventType
  void events(const Table& types) {
    for (const EventType& one : types) event(one.type, one.schema, one.upcast);
  }

  // Told of every event of those streams, after commit, serial per stream. [bus]
  void subscribe(std::string_view name, const std::vector<std::string_view>& streams,
                 std::function<void(const StoredEvent&)> handler) {
    auto& kept = keep<detail::Subscription>(std::move(handler));
    const auto names = abi_list(streams);
    gantry_subscription subscription{};
    subscription.size = sizeof subscription;
    subscription.stream_count = static_cast<uint32_t>(names.size());
    subscription.name = to_abi(name);
    subscription.streams = names.data();
    subscription.self = &kept;
    subscription.handle = &detail::Subscription::call;
    add(raw_->subscribe, &subscription);
  }

  // Rows and checkpoint in one transaction. [bus]
  void projection(std::string_view name, uint32_t version, std::string_view database,
                  const std::vector<std::string_view>& streams,
                  std::function<void(const StoredEvent&, const Rows&)> apply) {
    auto& kept = keep<detail::Projection>(host_, std::move(apply));
    const auto names = abi_list(streams);
    gantry_projection projection{};
    projection.size = sizeof projection;
    projection.version = version;
    projection.name = to_abi(name);
    projection.database = to_abi(database);
    projection.streams = names.data();
    projection.stream_count = static_cast<uint32_t>(names.size());
    projection.self = &kept;
    projection.apply = &detail::Projection::call;
    add(raw_->projection, &projection);
  }

  // engines: <id>_migrations::kEngines, generated by gantry_add_plugin(MIGRATIONS …).
  template <class Engines>
  void migrations(std::string_view database, const Engines& engines) {
    for (const auto& engine : engines) {
      for (unsigned i = 0; i < engine.count; ++i) {
        const auto& file = engine.files[i];
        gantry_migration migration{};
        migration.size = sizeof migration;
        migration.number = file.number;
        migration.database = to_abi(database);
        migration.engine = to_abi(engine.engine);
        migration.name = to_abi(file.name);
        migration.sql = to_abi(file.sql);
        add(raw_->migration, &migration);
      }
    }
  }

  // `check` throws when unhealthy; Error's detail is one word such as "timeout" or "refused".
  // [worker]
  void health(std::string_view name, bool critical, uint32_t timeout_ms,
              std::function<void()> check) {
    auto& kept = keep<detail::HealthCheck>(std::move(check));
    gantry_health_check entry{};
    entry.size = sizeof entry;
    entry.critical = critical;
    entry.timeout_ms = timeout_ms;
    entry.name = to_abi(name);
    entry.self = &kept;
    entry.check = &detail::HealthCheck::call;
    add(raw_->health_check, &entry);
  }

  // table: begins with size and self, lives as long as the plugin.
  void provide(std::string_view service, const void* table) {
    TextSink why;
    gantry::check(raw_->provide(raw_->self, to_abi(service), table, why.abi()), why);
  }
  void need(std::string_view service) {
    TextSink why;
    gantry::check(raw_->need(raw_->self, to_abi(service), why.abi()), why);
  }

 private:
  template <class T, class... Args>
  T& keep(Args&&... args) {
    auto made = std::make_unique<T>(std::forward<Args>(args)...);
    T& kept = *made;
    declared_.push_back(std::move(made));
    return kept;
  }
  template <class Entry>
  void add(gantry_rc (*function)(void*, const Entry*, const gantry_sink*) noexcept,
           const Entry* entry) {
    TextSink why;
    gantry::check(function(raw_->self, entry, why.abi()), why);
  }
  static std::vector<gantry_str> abi_list(const std::vector<std::string_view>& texts) {
    std::vector<gantry_str> out;
    for (const auto text : texts) out.push_back(to_abi(text));
    return out;
  }

  const gantry_plan* raw_;
  const Host& host_;
  detail::Declared& declared_;
};

}  // namespace gantry
