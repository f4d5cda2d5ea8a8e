// The edge's side: an exchange begins, is refused, ends; a snapshot is published.
#include "core/pipeline/pipeline.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/pipeline/pipeline_state.hpp"
#include "core/pipeline/request_id.hpp"
#include "core/runtime/thread_tag.hpp"
#include "gantry/text.hpp"

namespace gantry::pipeline {
namespace {

[[maybe_unused]] bool on_loop_thread() {  // for asserts
  const runtime::ThreadKind kind = runtime::thread_kind();
  return kind == runtime::ThreadKind::kIo || kind == runtime::ThreadKind::kOther;
}

bool is_json_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  type.erase(type.find_last_not_of(" \t") + 1);
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  constexpr std::string_view kSuffix = "+json";
  return type == "application/json" ||
         (type.rfind("application/", 0) == 0 && type.size() > kSuffix.size() &&
          type.compare(type.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0);
}

bool announces_body(const Request& request) {
  return request.has_body && request.header("content-length") != "0";
}

}  // namespace

Pipeline::State::State(const PipelineOptions& given, Ports from, std::vector<Loop*> on)
    : options(given), ports(std::move(from)), in_flight(given.idempotency.in_flight_max) {
  for (Loop* loop : on) {
    if (loop->index() != loops.size() || loops.size() == kLoopsMax)
      throw Error(Code::kInternal, "event loops out of order, or too many");
    loops.push_back(std::make_unique<LoopRuns>(*loop, nothing));
  }
  if (ports.metrics)
    under_way = ports.metrics->gauge("http_requests_in_flight", "Requests under way.");
}

Pipeline::Pipeline(const PipelineOptions& options, Ports ports, std::vector<Loop*> loops)
    : state_(std::make_unique<State>(options, std::move(ports), std::move(loops))) {}
Pipeline::~Pipeline() = default;

void Pipeline::publish(SnapshotPtr snapshot, std::function<void()> on_switched,
                       std::function<void()> on_drained) {
  const auto publication = std::make_shared<Publication>();
  publication->to_switch = state_->loops.size();
  publication->to_drain = state_->loops.size();
  publication->on_switched = std::move(on_switched);
  publication->on_drained = std::move(on_drained);
  {
    const std::lock_guard lock(state_->mutex);
    state_->current = snapshot;
  }
  for (const auto& runs : state_->loops) {
    LoopRuns* on = runs.get();
    on->loop.post([on, snapshot, publication] { on->switch_to(snapshot, publication); });
  }
}

SnapshotPtr Pipeline::current() const {
  const std::lock_guard lock(state_->mutex);
  return state_->current;
}

Run& Pipeline::State::begin(Exchange& exchange) {
  assert(on_loop_thread());
  Run& run = loops[exchange.loop->index()]->take();
  run.exchange = &exchange;
  exchange.run = &run;
  const std::string_view given = exchange.request.header("x-request-id");
  run.command = ports.ids.uuid7();
  // Without an id from the client, the id of what the request appends names the request as well.
  if (is_visible_ascii(given))
    exchange.request_id.assign(given);
  else
    assign_text(exchange.request_id, run.command);
  const Snapshot& snapshot = *run.use->snapshot;
  run.route = &snapshot.unmatched();
  run.found = {};
  if (under_way) under_way->add(1);
  return run;
}

void Pipeline::head(Exchange& exchange) {
  Run& run = state_->begin(exchange);
  state_->look_up(run);
  bool answered;
  {
    const std::lock_guard lock(run.lock);
    answered = run.reply.http.status != 0;
  }
  if (answered) state_->conclude(run);
}

// Decides what needs no body. Whatever is answered here is answered before the body is read.
void Pipeline::State::look_up(Run& run) {
  Exchange& exchange = *run.exchange;
  const Request& request = exchange.request;
  const Snapshot& snapshot = *run.use->snapshot;
  const std::string_view method = request.method == "HEAD" ? "GET" : request.method;
  run.found = snapshot.router().find(method_of(method), request.path, exchange.arena());
  const auto no = [&](int status, std::string_view code, std::string_view detail) {
    refuse(run, Place::kLoop, {status, code, detail});
  };
  exchange.body_bytes_max = 0;
  if (run.use->snapshot == nothing)
    return no(503, "SERVICE_UNAVAILABLE", "The server is starting.");
  if (run.found.kind == Found::Kind::kBadEncoding)
    return no(400, "BAD_REQUEST", "The path is not percent-encoded UTF-8.");
  if (run.found.kind != Found::Kind::kRoute) {
    if (announces_body(request)) answer_unmatched(run);
    return;
  }
  const Route& route = snapshot.route(run.found.target);
  run.route = &route;
  exchange.body_bytes_max =
      route.spec.body_bytes_max ? route.spec.body_bytes_max : options.body_bytes_max;
  if (!route.unavailable.empty()) {
    refuse(run, Place::kLoop,
           {503,
            "PLUGIN_UNAVAILABLE",
            "A part of the server that this needs is switched off.",
            {},
            {},
            route.unavailable});
    return;
  }
  if (static_cast<size_t>(std::count(request.query.begin(), request.query.end(), '&')) >=
      options.query_parameters_max)
    return no(400, "BAD_REQUEST", "Too many query parameters.");
  const auto types = std::count_if(request.headers.begin(), request.headers.end(),
                                   [](const Header& h) { return h.name == "content-type"; });
  if (types > 1) return no(400, "BAD_REQUEST", "There are several Content-Type headers.");
  if (!announces_body(request)) return;
  if (const auto encoding = request.header("content-encoding");
      !encoding.empty() && encoding != "identity")
    return no(415, "UNSUPPORTED_MEDIA_TYPE", "A request body may not be compressed.");
  if (route.body && !is_json_type(request.header("content-type")))
    return no(415, "UNSUPPORTED_MEDIA_TYPE", "The request body must be application/json.");
}

void Pipeline::request(Exchange& exchange) {
  Run& run = *exchange.run;
  state_->fill_view(run);
  state_->go(run, Place::kLoop);
}

void Pipeline::refuse(Exchange& exchange, int status, std::string_view code,
                      std::string_view detail) {
  Run& run = exchange.run ? *exchange.run : state_->begin(exchange);
  state_->seal(run, run.away);  // the runner, if elsewhere, finds the exchange gone
  {
    const std::lock_guard lock(run.lock);
    run.reply.clear();
    state_->write_problem(run, {status, code, detail});
  }
  state_->conclude(run);
}

void Pipeline::ended(Exchange& exchange, bool sent) {
  if (!exchange.run) return;
  Run& run = *std::exchange(exchange.run, nullptr);
  state_->access_line(exchange, run, sent);
  if (state_->under_way) state_->under_way->add(-1);
  state_->seal(run, run.away);  // before the exchange is let go: see write_problem
  run.exchange = nullptr;
  if (run.pump_timer != 0) exchange.loop->cancel(std::exchange(run.pump_timer, 0));
  if (!run.away) state_->release(run);
}

// The run is over, also for whoever carried it on after the exchange had ended.
void Pipeline::State::release(Run& run) {
  if (run.course.key_claimed) in_flight.release(run.course.scope);
  run.home->give(run);
}

}  // namespace gantry::pipeline
