// The way forward: chain, position, body, key, handler. Each step ends in the next one, in an
// answer, or away: on a worker, at a plugin that has yet to resume, or waiting for a position.
#include <charconv>
#include <utility>

#include "core/pipeline/pipeline_state.hpp"
#include "gantry/text.hpp"

namespace gantry::pipeline {
namespace {

constexpr size_t kParseOnLoopBytesMax =
    16 * 1024;  // larger bodies are parsed where it may take long

std::string_view header_of(const gantry_request& request, std::string_view name) {
  for (uint32_t i = 0; i < request.header_count; ++i) {
    const gantry_header& header = request.headers[i];
    if (std::string_view(header.name.data, header.name.size) == name)
      return {header.value.data, header.value.size};
  }
  return {};
}

std::string_view min_position_of(const gantry_request& request) {
  if (const auto header = header_of(request, "gantry-min-position"); !header.empty()) return header;
  constexpr std::string_view kName = "min_position=";
  std::string_view rest(request.query.data, request.query.size);
  while (!rest.empty()) {
    const size_t end = rest.find('&');
    if (rest.substr(0, kName.size()) == kName) {
      const std::string_view pair = rest.substr(0, end);
      return pair.substr(kName.size());
    }
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return {};
}

std::string_view body_of(const gantry_request& request) {
  return {request.body.data, static_cast<size_t>(request.body.size)};
}

}  // namespace

void Pipeline::State::go(Run& run, Place place) {
  std::optional<OnLoop> mark;
  if (place == Place::kLoop) mark.emplace(run);
  if (run.idle.load(std::memory_order_relaxed)) set_idle(run, false);
  while (run.course.stage != Stage::kAnswered) {
    Step next;
    try {
      next = step(run, place);
    } catch (const Error& error) {  // of a port: the log's database, the digest
      next = failed(run, place, static_cast<gantry_rc>(error.code()), error.detail());
    } catch (const std::exception& error) {
      next = failed(run, place, GANTRY_INTERNAL, error.what());
    }
    if (next == Step::kAway) return;
  }
  if (place == Place::kLoop)
    finish(run);
  else
    to_loop(run);
}

Pipeline::State::Step Pipeline::State::failed(Run& run, Place place, gantry_rc rc,
                                              std::string_view why) {
  if (place == Place::kLoop) run.away = false;
  const FailureAnswer answer = answer_for(rc);
  refuse(run, place, {answer.status, answer.code, answer.detail, {}, {}, why});
  run.course.stage = Stage::kAnswered;
  return Step::kNext;
}

Pipeline::State::Step Pipeline::State::step(Run& run, Place place) {
  switch (run.course.stage) {
    case Stage::kChain:
      return chain(run, place);
    case Stage::kPosition:
      return position(run, place);
    case Stage::kBody:
      return body(run, place);
    case Stage::kKey:
      return key(run, place);
    case Stage::kHandler:
      return handler(run, place);
    case Stage::kAnswered:
      break;
  }
  return Step::kNext;
}

gantry_request& Pipeline::State::view_of(Run& run, Place place) {
  return place == Place::kLoop ? run.view : run.parcel.request;
}

void Pipeline::State::set_idle(Run& run, bool idle) {
  const std::lock_guard lock(run.lock);
  run.idle.store(idle, std::memory_order_relaxed);
}

bool Pipeline::State::is_gone(Run& run) {
  const std::lock_guard lock(run.lock);
  return run.gone;
}

Pipeline::State::Step Pipeline::State::chain(Run& run, Place place) {
  const auto& entries = run.route->chain->entries;
  gantry_request& view = view_of(run, place);
  view.on_worker = place == Place::kWorker;
  const gantry_handle handle = run.handle();
  for (uint32_t& at = run.course.entry; at < entries.size(); ++at) {
    const ChainEntry& entry = entries[at];
    if (!entry.on_request) continue;
    if (entry.phase == Phase::kAuthn) {
      const std::lock_guard lock(run.lock);
      run.authn_now = true;
    }
    entry.owner->calls.fetch_add(1, std::memory_order_relaxed);
    const uint32_t verdict = entry.on_request(entry.self, handle, &view);
    const bool simple = verdict == GANTRY_NEXT && !run.resumed.load(std::memory_order_relaxed) &&
                        entry.phase != Phase::kAuthn;
    if (!simple) return on_verdict(run, place, verdict);
  }
  run.course.stage = Stage::kPosition;
  return Step::kNext;
}

// What a middleware (stage kChain) or the handler said, at once or through resume().
Pipeline::State::Step Pipeline::State::on_verdict(Run& run, Place place, uint32_t verdict) {
  if (verdict == GANTRY_PENDING) return wait(run, place);
  if (run.resumed.load(std::memory_order_relaxed)) {
    const std::lock_guard lock(run.lock);
    run.resumed.store(false, std::memory_order_relaxed);  // resumed, but not pending: no effect
  }
  const bool in_chain = run.course.stage == Stage::kChain;
  if (in_chain && verdict == GANTRY_WORKER) {
    if (place == Place::kWorker) return misbehaved(run, place, "asked for a worker on a worker");
    return to_worker(run);
  }
  if (in_chain) take_principal(run, place);
  if (in_chain && verdict == GANTRY_NEXT) {
    ++run.course.entry;
    return Step::kNext;
  }
  if (verdict != GANTRY_DONE) return misbehaved(run, place, "returned an unknown verdict");
  bool answered;
  bool stream;
  {
    const std::lock_guard lock(run.lock);
    answered = run.reply.http.status != 0 || run.gone;
    stream = run.streaming != Streaming::kNo;
    if (run.streaming == Streaming::kBegun) run.streaming = Streaming::kEnded;
  }
  if (!answered) return misbehaved(run, place, "said DONE without an answer");
  run.course.stage = Stage::kAnswered;
  if (!stream) return Step::kNext;
  if (place == Place::kWorker) return to_loop(run);
  pump(run);
  return Step::kAway;
}

// The principal that an authn middleware has set, for those after it. Copied under the lock: what
// plugins see must not move under them.
void Pipeline::State::take_principal(Run& run, Place place) {
  const std::lock_guard lock(run.lock);
  if (!run.authn_now) return;
  run.authn_now = false;
  gantry_request& view = view_of(run, place);
  std::string& user = place == Place::kLoop ? run.view_user : run.parcel.user;
  std::string& roles = place == Place::kLoop ? run.view_roles : run.parcel.roles;
  user = run.user;
  roles = run.roles;
  view.user = to_str(user);
  view.roles = to_str(roles);
}

Pipeline::State::Step Pipeline::State::wait(Run& run, Place place) {
  if (place == Place::kLoop) run.away = true;
  uint32_t verdict;
  {
    const std::lock_guard lock(run.lock);
    if (!run.resumed.load(std::memory_order_relaxed)) {
      run.pending = true;
      return Step::kAway;  // from here on the one who resumes decides
    }
    run.resumed.store(false, std::memory_order_relaxed);
    verdict = run.verdict;
  }
  if (place == Place::kLoop) run.away = false;
  return on_verdict(run, place, verdict);
}

Pipeline::State::Step Pipeline::State::misbehaved(Run& run, Place place, std::string_view what) {
  const bool in_chain = run.course.stage == Stage::kChain;
  const ChainEntry* entry = in_chain ? &run.route->chain->entries[run.course.entry] : nullptr;
  Owner* owner = entry ? entry->owner.get() : run.route->owner.get();
  if (owner) owner->failures.fetch_add(1, std::memory_order_relaxed);
  const std::string why = join(entry ? join("middleware ", entry->name) : "the handler",
                               " of plugin ", owner ? owner->id() : "", " ", what);
  refuse(run, place, {500, "INTERNAL", answer_for(GANTRY_INTERNAL).detail, {}, {}, why});
  run.course.stage = Stage::kAnswered;
  return Step::kNext;
}

// Only what is called on the worker sees the copy; made once, kept for further hops.
Pipeline::State::Step Pipeline::State::to_worker(Run& run) {
  if (!run.packed) run.parcel.pack(run.view);
  run.packed = true;
  run.parcel.request.json = run.view.json;
  run.parcel.request.command = run.view.command;
  run.parcel.user = run.view_user;
  run.parcel.roles = run.view_roles;
  run.parcel.request.user = to_str(run.parcel.user);
  run.parcel.request.roles = to_str(run.parcel.roles);
  run.away = run.unpack = true;
  set_idle(run, true);
  const bool taken = ports.submit(
      [this, &run] {
        if (is_gone(run)) run.course.stage = Stage::kAnswered;  // nobody waits for it any more
        go(run, Place::kWorker);
      },
      [this, &run] { run.home->loop.post([this, &run] { expired(run); }); });
  if (taken) return Step::kAway;
  run.away = run.unpack = false;
  refuse(run, Place::kLoop,
         {503,
          "OVERLOADED",
          answer_for(GANTRY_EXHAUSTED).detail,
          {},
          {},
          "the queue of the workers is full"});
  run.course.stage = Stage::kAnswered;
  return Step::kNext;
}

Pipeline::State::Step Pipeline::State::to_loop(Run& run) {
  set_idle(run, true);
  run.home->loop.post([this, &run] { back(run); });
  return Step::kAway;
}

void Pipeline::State::expired(Run& run) {
  refuse(run, Place::kLoop,
         {503,
          "OVERLOADED",
          answer_for(GANTRY_EXHAUSTED).detail,
          {},
          {},
          "waited too long for a worker"});
  run.course.stage = Stage::kAnswered;
  back(run);
}

void Pipeline::State::resumed(Run& run) {
  uint32_t verdict;
  {
    const std::lock_guard lock(run.lock);
    verdict = run.verdict;
    run.idle.store(false, std::memory_order_relaxed);
  }
  if (run.exchange && !run.concluded) {
    run.away = false;
    unpack(run);
    const OnLoop mark(run);
    if (on_verdict(run, Place::kLoop, verdict) == Step::kAway) return;
  }
  back(run);
}

void Pipeline::State::back(Run& run) {
  run.away = false;
  if (!run.exchange) return release(run);
  if (run.stream_on || run.concluded) {
    // Timed out (the transport ends the exchange soon), or a stream under way.
    if (run.stream_on) pump(run);
    return;
  }
  unpack(run);
  go(run, Place::kLoop);
}

// Takes over what a worker has found out.
void Pipeline::State::unpack(Run& run) {
  if (!run.unpack) return;
  run.unpack = false;
  run.view_user = run.parcel.user;
  run.view_roles = run.parcel.roles;
  run.view.user = to_str(run.view_user);
  run.view.roles = to_str(run.view_roles);
  run.view.json = run.parcel.request.json;
  run.view.command = run.parcel.request.command;
}

Pipeline::State::Step Pipeline::State::position(Run& run, Place place) {
  if (run.route == &run.use->snapshot->unmatched()) {
    if (place == Place::kWorker) return to_loop(run);  // the answer is made from the exchange
    answer_unmatched(run);
    run.course.stage = Stage::kAnswered;
    return Step::kNext;
  }
  Course& course = run.course;
  const std::string& projection = run.route->spec.reads;
  const std::string_view text =
      projection.empty() ? std::string_view() : min_position_of(view_of(run, place));
  if (text.empty() || course.reached) {
    course.stage = Stage::kBody;
    return Step::kNext;
  }
  if (course.waited) {
    refuse(run, place, {503, "PROJECTION_LAGGING", "The read model has not come that far yet."});
    course.stage = Stage::kAnswered;
    return Step::kNext;
  }
  log::Position position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (error != std::errc() || end != text.data() + text.size() || position < 0) {
    refuse(run, place, {400, "BAD_REQUEST", "Gantry-Min-Position is not a position."});
    course.stage = Stage::kAnswered;
    return Step::kNext;
  }
  course.waited = true;
  set_idle(run, true);
  if (place == Place::kLoop) run.away = true;
  ports.when(projection, position, options.min_position_wait_ms_max, [this, &run](bool reached) {
    run.course.reached = reached;
    to_loop(run);
  });
  return Step::kAway;
}

Pipeline::State::Step Pipeline::State::body(Run& run, Place place) {
  Course& course = run.course;
  gantry_request& view = view_of(run, place);
  const std::string_view text = body_of(view);
  const auto no = [&](int status, std::string_view code, std::string_view detail,
                      std::string_view errors) {
    refuse(run, place, {status, code, detail, errors});
    course.stage = Stage::kAnswered;
    return Step::kNext;
  };
  if (place == Place::kLoop && text.size() > kParseOnLoopBytesMax) return to_worker(run);
  course.stage = Stage::kKey;
  if (!run.route->body && (text.empty() || text == "{}")) return Step::kNext;
  course.body_read = true;
  if (!course.body.parse(text)) return no(400, "MALFORMED_JSON", course.body.error(), {});
  std::vector<base::JsonFault> faults;
  if (run.route->body)
    faults = run.route->body->validate(course.body.root());
  else if (base::json::type(course.body.root()) != GANTRY_JSON_OBJECT ||
           base::json::count(course.body.root()) != 0)
    faults.push_back({"", "NOT_ALLOWED", "This route takes no body, or {}."});
  if (!faults.empty())
    return no(422, "VALIDATION_FAILED", "The request body breaks a rule.", errors_text(faults));
  if (run.route->body) view.json = course.body.root();
  return Step::kNext;
}

Pipeline::State::Step Pipeline::State::key(Run& run, Place place) {
  Course& course = run.course;
  if (course.key_claimed) return look_up_key(run, place);
  const auto no = [&](int status, std::string_view code, std::string_view detail) {
    refuse(run, place, {status, code, detail});
    course.stage = Stage::kAnswered;
    return Step::kNext;
  };
  const RouteSpec& spec = run.route->spec;
  gantry_request& view = view_of(run, place);
  const std::string_view header = spec.idempotency == GANTRY_IDEMPOTENCY_NONE
                                      ? std::string_view()
                                      : header_of(view, "idempotency-key");
  if (header.empty()) {
    if (spec.idempotency == GANTRY_IDEMPOTENCY_REQUIRED)
      return no(400, "IDEMPOTENCY_KEY_MISSING", "This request needs the header Idempotency-Key.");
    course.stage = Stage::kHandler;
    return Step::kNext;
  }
  const auto key = idempotency_key(header);
  if (!key)
    return no(400, "BAD_REQUEST", "Idempotency-Key must be 1 to 128 visible ASCII characters.");
  course.scope = idempotency_scope({view.user.data, static_cast<size_t>(view.user.size)},
                                   spec.method, spec.pattern, *key);
  std::string canonical;
  if (course.body_read) base::json::write_canonical(course.body.root(), canonical);
  course.fingerprint = idempotency_fingerprint(canonical);
  switch (in_flight.claim(course.scope)) {
    case InFlight::Claim::kTaken:
      return no(409, "IDEMPOTENCY_IN_PROGRESS", "A request with this key is still under way.");
    case InFlight::Claim::kFull:
      return no(503, "OVERLOADED", answer_for(GANTRY_EXHAUSTED).detail);
    case InFlight::Claim::kMine:
      break;
  }
  course.key_claimed = true;
  view.command = idempotency_command(course.scope).raw();
  return look_up_key(run, place);
}

Pipeline::State::Step Pipeline::State::look_up_key(Run& run, Place place) {
  if (place == Place::kLoop) return to_worker(run);
  Course& course = run.course;
  const std::optional<log::StoredAnswer> stored = ports.stored(course.scope);
  if (stored && stored->fingerprint != course.fingerprint) {
    refuse(run, place, {422, "IDEMPOTENCY_KEY_REUSED", "This key was used with another body."});
    course.stage = Stage::kAnswered;
    return Step::kNext;
  }
  const std::lock_guard lock(run.lock);
  if (stored && stored->status != 0) {
    if (writable(run)) {
      Response& reply = run.reply.http;
      reply.status = stored->status;
      reply.headers += stored->headers;
      reply.body = stored->body;
      reply.header("Idempotency-Replayed", "true");
      if (stored->position > 0) reply.header("Gantry-Position", to_text(stored->position));
    }
    course.stage = Stage::kAnswered;
    return Step::kNext;
  }
  // New, or begun before a crash: the handler runs, under the command id of the first attempt.
  run.scope = course.scope;
  run.fingerprint = course.fingerprint;
  run.command = idempotency_command(course.scope);
  course.stage = Stage::kHandler;
  return Step::kNext;
}

Pipeline::State::Step Pipeline::State::handler(Run& run, Place place) {
  const Route& route = *run.route;
  if (route.spec.thread == GANTRY_ON_WORKER && place == Place::kLoop) return to_worker(run);
  if (route.spec.thread == GANTRY_ON_LOOP && place == Place::kWorker) return to_loop(run);
  if (place == Place::kWorker && is_gone(run)) {  // nobody waits, and nothing has been done yet
    run.course.stage = Stage::kAnswered;
    return Step::kNext;
  }
  gantry_request& view = view_of(run, place);
  view.on_worker = place == Place::kWorker;
  if (!run.course.scope.empty()) {
    const std::lock_guard lock(run.lock);
    run.handler_headers = run.reply.http.headers.size();
  }
  route.owner->calls.fetch_add(1, std::memory_order_relaxed);
  return on_verdict(run, place, route.spec.handle(route.spec.self, run.handle(), &view));
}

}  // namespace gantry::pipeline
