// The way forward: chain, position, body, key, handler. Each step ends in the next one, in an
// answer, or away: on a worker, at a plugin that has yet to resume, or waiting for a position.
#include <charconv>
#include <utility>

#include "core/pipeline/pipeline_state.hpp"
#include "gantry/text.hpp"

namespace gantry::pipeline {
namespace {

constexpr uint32_t kAttemptsMax = 1000;  // calls of one handler for one request
constexpr size_t kParseOnLoopBytesMax =
    16 * 1024;  // larger bodies are parsed where it may take long

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
Pipeline::State::Step Pipeline::State::chain(Run& run, Place place) {
  const auto& entries = run.route->chain->entries;
  gantry_request& view = view_of(run, place);
  view.on_worker = place == Place::kWorker;
  const gantry_handle handle = run.handle();
  uint32_t verdict = GANTRY_NEXT;
  bool simple = true;
  {
    Tally tally;  // ends before on_verdict(): after that the Run and the owners may be gone
    for (uint32_t& at = run.course.entry; at < entries.size(); ++at) {
      const ChainEntry& entry = entries[at];
      if (!entry.on_request) continue;
      if (entry.phase == Phase::kAuthn) {
        const std::lock_guard lock(run.lock);
        run.authn_now = true;
      }
      tally.call(*entry.owner);
      verdict = entry.on_request(entry.self, handle, &view);
      simple = verdict == GANTRY_NEXT && !run.resumed.load(std::memory_order_relaxed) &&
               entry.phase != Phase::kAuthn;
      if (!simple) break;
    }
  }
  if (!simple) return on_verdict(run, place, verdict);
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
  if (!in_chain && verdict == GANTRY_AGAIN) {
    if (!has_begun_to_stream(run)) return again(run, place);
    verdict = GANTRY_DONE;  // too late: the client has part of the answer
    run.route->owner->failures.fetch_add(1, std::memory_order_relaxed);
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

bool Pipeline::State::has_begun_to_stream(Run& run) {
  const std::lock_guard lock(run.lock);
  return run.streaming != Streaming::kNo;
}

// The handler decides again, as if it had not answered yet; unless the same request has been
// answered elsewhere meanwhile, under the same key.
Pipeline::State::Step Pipeline::State::again(Run& run, Place place) {
  {
    const std::lock_guard lock(run.lock);
    if (run.open) {
      run.reply.clear();
      run.reply.http.headers = run.chain_headers;
    }
  }
  if (++run.course.attempt < kAttemptsMax) {
    if (run.course.key_claimed) run.course.stage = Stage::kKey;
    return Step::kNext;
  }
  refuse(run, place, overloaded("the handler asked to be called again too often"));
  run.course.stage = Stage::kAnswered;
  return Step::kNext;
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
  // No body is the empty object: the schema says whether that will do.
  if (!course.body.parse(text.empty() ? "{}" : text))
    return no(400, "MALFORMED_JSON", course.body.error(), {});
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
  view.attempt = run.course.attempt;
  {
    const std::lock_guard lock(run.lock);
    if (run.course.attempt == 0) run.chain_headers = run.reply.http.headers;
    run.handler_headers = run.reply.http.headers.size();
  }
  route.owner->calls.fetch_add(1, std::memory_order_relaxed);
  return on_verdict(run, place, route.spec.handle(route.spec.self, run.handle(), &view));
}

}  // namespace gantry::pipeline
