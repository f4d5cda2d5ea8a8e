// The step that honours an Idempotency-Key: claims it on this instance, then asks the log; also
// before the handler decides again, because other instances answer too.
#include <utility>

#include "core/pipeline/pipeline_state.hpp"
#include "gantry/text.hpp"

namespace gantry::pipeline {

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
  // The path too: the scope knows the route only, and the same words to another resource are
  // another request.
  std::string canonical =
      join(std::string_view(view.path.data, static_cast<size_t>(view.path.size)), "\n");
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
    refuse(run, place, {422, "IDEMPOTENCY_KEY_REUSED", "This key was used for another request."});
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
  // New, or begun, before a crash or elsewhere: the handler runs, under the command id of the first
  // attempt.
  run.scope = course.scope;
  run.fingerprint = course.fingerprint;
  run.command = idempotency_command(course.scope);
  run.begun = stored.has_value();
  course.stage = Stage::kHandler;
  return Step::kNext;
}

}  // namespace gantry::pipeline
