// The way back: the reply is closed, on_response runs in reverse, the answer moves into the
// exchange.
#include <utility>

#include "core/pipeline/etag.hpp"
#include "core/pipeline/pipeline_state.hpp"
#include "gantry/text.hpp"

namespace gantry::pipeline {
namespace {

bool is_probe(std::string_view route) {
  return route.substr(0, 7) == "/health" || route == "/ready" || route.substr(0, 7) == "/ready/";
}

}  // namespace

void Pipeline::State::fill_view(Run& run) {
  const Exchange& exchange = *run.exchange;
  const Request& request = exchange.request;
  const RouteSpec& spec = run.route->spec;
  run.headers.clear();
  for (const Header& header : request.headers) {
    run.headers.push_back({to_str(header.name), to_str(header.value)});
  }
  gantry_request& view = run.view;
  view.size = sizeof view;
  view.header_count = static_cast<uint32_t>(run.headers.size());
  view.headers = run.headers.data();
  view.param_count = run.found.param_count;
  view.params = run.found.params.data();
  view.access = spec.access;
  view.method = to_str(request.method);
  view.path = to_str(request.path);
  view.query = to_str(request.query);
  view.route = to_str(spec.pattern);
  view.body = to_str(request.body);
  view.peer = to_str(request.peer);
  view.request_id = to_str(exchange.request_id);
  view.route_roles = to_str(spec.roles);
  view.command = run.command.raw();
}

// After this no plugin writes the reply, except on_response on this thread.
void Pipeline::State::seal(Run& run, bool gone) {
  const std::lock_guard lock(run.lock);
  run.open = false;
  run.gone |= gone;
}

void Pipeline::State::conclude(Run& run) {
  const OnLoop mark(run);
  seal(run, false);
  run.concluded = true;
  if (run.view.size == 0) fill_view(run);
  run.view.on_worker = 0;
  Reply& reply = run.reply;  // only this thread writes it now
  if (reply.http.status == 0) {
    const std::lock_guard lock(run.lock);
    write_problem(run, {500, "INTERNAL", answer_for(GANTRY_INTERNAL).detail, {}, {}, "no answer"});
  }
  const auto& entries = run.route->chain->entries;
  const gantry_handle handle = run.handle();
  Tally tally;
  for (size_t i = entries.size(); i-- > 0;) {
    const ChainEntry& entry = entries[i];
    if (!entry.on_response) continue;
    tally.call(*entry.owner);
    entry.on_response(entry.self, handle, &run.view);
  }
  hand_over(run);
  if (run.status >= 500) report(run);
  if (!run.away && run.course.key_claimed) {
    in_flight.release(run.course.scope);  // before the client can see the answer and repeat
    run.course.key_claimed = false;
  }
}

// Moves the finished reply into the exchange.
void Pipeline::State::hand_over(Run& run) {
  Exchange& exchange = *run.exchange;
  const std::lock_guard lock(run.lock);
  Reply& reply = run.reply;
  Response& answer = reply.http;
  const bool read = exchange.request.method == "GET" || exchange.request.method == "HEAD";
  if (read && answer.status == 200) {
    const std::string_view list = exchange.request.header("if-none-match");
    if (!list.empty() && answer.has_header("etag") &&
        none_match_hits(list, answer.header_value("etag"))) {
      answer.status = 304;
      answer.body.clear();
      reply.content_type.clear();
    }
  }
  if (!reply.content_type.empty()) answer.header("Content-Type", reply.content_type);
  answer.header("X-Request-ID", exchange.request_id);
  run.status = answer.status;
  run.answer_bytes = answer.body.size();
  exchange.response.status = answer.status;
  exchange.response.close |= answer.close;
  exchange.response.headers.swap(answer.headers);
  exchange.response.body.swap(answer.body);
  run.code = reply.code;
}

void Pipeline::State::finish(Run& run) {
  conclude(run);
  run.exchange->transport->send(*run.exchange);  // may end the exchange: the last line here
}

// The answer when no route takes the request; its chain has run.
void Pipeline::State::answer_unmatched(Run& run) {
  const bool asks = run.exchange->request.method == "OPTIONS";
  if (run.found.kind == Found::Kind::kNoPath) {
    refuse(run, Place::kLoop, {404, "NOT_FOUND", "There is no such resource."});
    return;
  }
  if (!asks)
    refuse(run, Place::kLoop, {405, "METHOD_NOT_ALLOWED", "This resource has no such method."});
  const std::lock_guard lock(run.lock);
  if (asks) run.reply.http.status = 204;
  run.reply.http.header("Allow", allow_text(run.found.methods));
}

// Exactly one line for each 5xx: an error, unless anybody can bring it about at will, or it comes
// before the first publish.
void Pipeline::State::report(const Run& run) {
  const bool asked_for = run.status == 501 || run.status == 505 ||
                         is_probe(run.route->spec.pattern) || run.use->snapshot == nothing;
  const observe::Level level = asked_for ? observe::Level::kDebug : observe::Level::kError;
  if (!ports.logger.enabled(level)) return;
  const Exchange& exchange = *run.exchange;
  const std::initializer_list<observe::Field> fields = {
      {"request_id", exchange.request_id},
      {"method", exchange.request.method},
      {"path", run.route->spec.pattern},
      {"status", run.status},
      {"error_code", std::string_view(run.code)},
      {"plugin", run.route->owner ? std::string_view(run.route->owner->id()) : ""}};
  const std::string_view why = run.reply.why;
  ports.logger.write(level, "http.failed", why.empty() ? "answered so without a reason" : why,
                     {fields.begin(), fields.end()});
}

void Pipeline::State::access_line(const Exchange& exchange, const Run& run, bool sent) {
  const Route& route = *run.route;
  const int status = run.status ? run.status : 499;  // the client left before there was an answer
  if (!ports.metrics && !route.chain->access_log) return;
  const double seconds =
      static_cast<double>(ports.clock.monotonic_ns() - exchange.started_ns) / 1e9;
  if (ports.metrics)
    route.meter.count(*ports.metrics, exchange.request.method, route.spec.pattern, status, seconds);
  if (!route.chain->access_log) return;
  const observe::Level level =
      is_probe(route.spec.pattern) ? observe::Level::kDebug : observe::Level::kInfo;
  if (!ports.logger.enabled(level)) return;
  const std::initializer_list<observe::Field> fields = {
      {"request_id", exchange.request_id},
      {"method", exchange.request.method},
      {"path", route.spec.pattern},
      {"status", status},
      {"duration_ms", seconds * 1e3},
      {"bytes_in", exchange.request_bytes},
      {"bytes_out", run.answer_bytes},
      {"client_ip", exchange.request.peer},
      {"user_id", std::string_view(run.view_user)},
      {"error_code", std::string_view(run.code)},
      {"complete", sent}};
  ports.logger.write(level, "http.access", "request answered", {fields.begin(), fields.end()});
}

}  // namespace gantry::pipeline
