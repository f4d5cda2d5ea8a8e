// What plugins call on an exchange: the functions behind gantry.http/1 that write or read the
// reply.
#include <algorithm>

#include "core/base/json.hpp"
#include "core/pipeline/pipeline_state.hpp"
#include "gantry/text.hpp"

namespace gantry::pipeline {
namespace {

thread_local const Run* on_loop = nullptr;

bool same_name(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() &&
         std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
           return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y;
         });
}

bool is_token(std::string_view name) {  // RFC 9110 section 5.6.2
  if (name.empty() || name.size() > 256) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view value) {
  if (value.size() > 8192) return false;
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

// Those that the edge or the pipeline writes.
bool is_ours(std::string_view name) {
  for (const std::string_view ours : {"content-length", "transfer-encoding", "connection", "date",
                                      "x-request-id", "keep-alive", "upgrade", "trailer"}) {
    if (same_name(name, ours)) return true;
  }
  return false;
}

bool is_code(std::string_view code) {
  if (code.empty() || code.size() > 64) return false;
  return std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Headers of middleware stand in front of the handler's; the mark between them moves with what
// goes.
void drop_header(Run& run, std::string_view name) {
  Response& reply = run.reply.http;
  if (!reply.has_header(name)) return;
  Response front;
  front.headers = reply.headers.substr(0, run.handler_headers);
  const size_t bytes = front.headers.size();
  front.remove_header(name);
  run.handler_headers -= bytes - front.headers.size();
  reply.remove_header(name);
}

// A part of a problem document that a plugin wrote: empty, or one JSON value of that type.
bool is_json(std::string_view text, uint32_t type) {
  if (text.empty()) return true;
  base::JsonDocument document;
  return document.parse(text) && base::json::type(document.root()) == type;
}

}  // namespace

OnLoop::OnLoop(const Run& run) : outer_(on_loop) { on_loop = &run; }
OnLoop::~OnLoop() { on_loop = outer_; }
bool OnLoop::is(const Run& run) { return on_loop == &run; }

Run* Pipeline::State::enter(gantry_handle handle, std::unique_lock<SpinLock>& lock) {
  const auto generation = static_cast<uint32_t>(handle >> 32);
  const auto loop = static_cast<size_t>(handle >> 24 & 0xFF);
  if (loop >= loops.size()) return nullptr;
  Run* run = loops[loop]->find(static_cast<uint32_t>(handle & 0xFFFFFF));
  if (!run) return nullptr;
  lock = std::unique_lock(run->lock);
  if (run->generation == generation) return run;
  lock.unlock();
  return nullptr;
}

bool Pipeline::State::writable(const Run& run) const {
  return (run.open && !run.idle.load(std::memory_order_relaxed)) || OnLoop::is(run);
}

// GANTRY_STALE for an exchange that has ended. Whoever is told so will not resume, so a pending one
// is over with it.
gantry_rc Pipeline::State::stale(Run& run, std::unique_lock<SpinLock>& lock) {
  const bool owed = run.gone && run.pending;
  if (owed) run.pending = false;
  lock.unlock();
  if (owed) run.home->loop.post([this, &run] { back(run); });
  return GANTRY_STALE;
}

Run* Pipeline::State::enter_reply(gantry_handle handle, std::unique_lock<SpinLock>& lock,
                                  gantry_rc& rc) {
  rc = GANTRY_STALE;
  Run* run = enter(handle, lock);
  if (!run || writable(*run)) return run;
  if (run->streaming != Streaming::kNo && !run->gone) {
    lock.unlock();
    rc = GANTRY_INVALID;  // the head is on its way already
  } else {
    rc = stale(*run, lock);
  }
  return nullptr;
}

void Pipeline::State::write_problem(Run& run, const Refusal& refusal) {
  Reply& reply = run.reply;
  reply.http.status = refusal.status;
  reply.content_type = kProblemType;
  reply.code = refusal.code;
  reply.why = refusal.why.empty() ? refusal.detail : refusal.why;
  drop_header(run, "cache-control");
  drop_header(run, "etag");
  reply.http.header("Cache-Control", "no-store");
  // The exchange is there: either this is its loop, or `open` was seen under the lock, and the loop
  // takes the lock to close the reply before it lets go of the exchange.
  const Exchange& exchange = *run.exchange;
  reply.http.body =
      problem_text({refusal.status, refusal.code, refusal.detail, exchange.request.path,
                    exchange.request_id, refusal.params, refusal.errors});
}

void Pipeline::State::refuse(Run& run, Place place, const Refusal& refusal) {
  const std::lock_guard lock(run.lock);
  if (!run.open && (place == Place::kWorker || !OnLoop::is(run))) return;
  write_problem(run, refusal);
  const bool retry = refusal.status == 503 || refusal.code == "IDEMPOTENCY_IN_PROGRESS";
  if (retry && !run.reply.http.has_header("retry-after")) run.reply.http.header("Retry-After", "1");
}

namespace {
// Headers that are lists of whole lines; of all others the last value counts.
bool may_repeat(std::string_view name) {
  for (const std::string_view one : {"set-cookie", "link", "vary", "www-authenticate"}) {
    if (same_name(name, one)) return true;
  }
  return false;
}
}  // namespace

gantry_rc Pipeline::header(gantry_handle exchange, std::string_view name, std::string_view value) {
  std::unique_lock<SpinLock> lock;
  gantry_rc rc;
  Run* run = state_->enter_reply(exchange, lock, rc);
  if (!run) return rc;
  if (!is_token(name) || !is_field_value(value) || is_ours(name)) return GANTRY_INVALID;
  if (same_name(name, "content-type"))
    run->reply.content_type = value;
  else {
    if (!may_repeat(name)) drop_header(*run, name);
    run->reply.http.header(name, value);
  }
  return GANTRY_OK;
}

gantry_rc Pipeline::answer(gantry_handle exchange, uint32_t status, std::string_view content_type,
                           std::string_view body) {
  std::unique_lock<SpinLock> lock;
  gantry_rc rc;
  Run* run = state_->enter_reply(exchange, lock, rc);
  if (!run) return rc;
  const bool bodiless = status == 204 || status == 304;
  if (status < 200 || status > 599 || !is_field_value(content_type) ||
      (!body.empty() && (content_type.empty() || bodiless)))
    return GANTRY_INVALID;
  Reply& reply = run->reply;
  reply.http.status = static_cast<int>(status);
  reply.content_type = content_type;
  reply.http.body = body;
  reply.code.clear();
  reply.why.clear();
  return GANTRY_OK;
}

gantry_rc Pipeline::problem(gantry_handle exchange, uint32_t status, std::string_view code,
                            std::string_view detail, std::string_view params,
                            std::string_view errors) {
  if (status < 400 || status > 599 || !is_code(code) || !is_json(params, GANTRY_JSON_OBJECT) ||
      !is_json(errors, GANTRY_JSON_ARRAY))
    return GANTRY_INVALID;
  std::unique_lock<SpinLock> lock;
  gantry_rc rc;
  Run* run = state_->enter_reply(exchange, lock, rc);
  if (!run) return rc;
  state_->write_problem(*run, {static_cast<int>(status), code, detail, errors, params});
  return GANTRY_OK;
}

gantry_rc Pipeline::fail(gantry_handle exchange, gantry_rc failure, std::string_view why) {
  std::unique_lock<SpinLock> lock;
  gantry_rc rc;
  Run* run = state_->enter_reply(exchange, lock, rc);
  if (!run) return rc;
  const FailureAnswer answer = answer_for(failure);
  const std::string_view detail = answer.shows_why && !why.empty() ? why : answer.detail;
  state_->write_problem(*run, {answer.status, answer.code, detail, {}, {}, why});
  if (answer.retry_after && !run->reply.http.has_header("retry-after"))
    run->reply.http.header("Retry-After", "1");
  return GANTRY_OK;
}

uint32_t Pipeline::status(gantry_handle exchange) {
  std::unique_lock<SpinLock> lock;
  Run* run = state_->enter(exchange, lock);
  return run ? static_cast<uint32_t>(run->reply.http.status) : 0;
}

gantry_rc Pipeline::answer_header(gantry_handle exchange, std::string_view name,
                                  std::string& value) {
  std::unique_lock<SpinLock> lock;
  gantry_rc rc;
  Run* run = state_->enter_reply(exchange, lock, rc);
  if (!run) return rc;
  value = same_name(name, "content-type") ? run->reply.content_type
                                          : std::string(run->reply.http.header_value(name));
  return GANTRY_OK;
}

gantry_rc Pipeline::principal(gantry_handle exchange, std::string_view user,
                              std::string_view roles) {
  std::unique_lock<SpinLock> lock;
  gantry_rc rc;
  Run* run = state_->enter_reply(exchange, lock, rc);
  if (!run) return rc;
  if (!run->authn_now) return GANTRY_DENIED;
  run->user = user;
  run->roles = roles;
  return GANTRY_OK;
}

gantry_rc Pipeline::resume(gantry_handle exchange, uint32_t verdict) {
  if (verdict != GANTRY_NEXT && verdict != GANTRY_DONE && verdict != GANTRY_AGAIN)
    return GANTRY_INVALID;
  std::unique_lock<SpinLock> lock;
  Run* run = state_->enter(exchange, lock);
  if (!run) return GANTRY_STALE;
  if (run->gone && run->pending) return state_->stale(*run, lock);
  if (!run->pending) {
    if (run->idle.load(std::memory_order_relaxed) || run->resumed.load(std::memory_order_relaxed))
      return GANTRY_STALE;
    // Faster than the call it belongs to: taken when that call returns PENDING.
    if (!run->open && !run->gone && run->streaming == Streaming::kNo) return GANTRY_STALE;
    run->resumed.store(true, std::memory_order_relaxed);
    run->verdict = verdict;
    return run->gone ? GANTRY_STALE : GANTRY_OK;
  }
  run->pending = false;
  run->idle.store(true, std::memory_order_relaxed);
  run->verdict = verdict;
  lock.unlock();
  run->home->loop.post([state = state_.get(), run] { state->resumed(*run); });
  return GANTRY_OK;
}

std::optional<log::StoredAnswer> Pipeline::stored_answer(gantry_handle exchange) {
  std::unique_lock<SpinLock> lock;
  gantry_rc rc;
  Run* run = state_->enter_reply(exchange, lock, rc);
  if (!run || run->scope.empty()) return std::nullopt;
  const IdempotencyOptions& options = state_->options.idempotency;
  const Reply& reply = run->reply;
  log::StoredAnswer stored;
  stored.scope = run->scope;
  stored.fingerprint = run->fingerprint;
  stored.command = run->command;
  stored.expires_at = state_->ports.clock.now() + std::chrono::hours(options.keep_hours);
  stored.knows_begun = run->begun;
  if (reply.http.status == 0) {
    run->begun = true;
    return stored;
  }
  if (!is_final_answer(reply.http.status, reply.code)) return std::nullopt;
  stored.status = reply.http.status;
  const size_t from = std::min(run->handler_headers, reply.http.headers.size());
  stored.headers = reply.http.headers.substr(from);
  if (!reply.content_type.empty())
    stored.headers += join("Content-Type: ", reply.content_type, "\r\n");
  stored.body = reply.http.body;
  lock.unlock();
  if (stored.headers.size() + stored.body.size() <= options.answer_bytes_max) return stored;
  state_->ports.logger.error("http.answer_not_stored",
                             "the answer is larger than idempotency.answer_bytes_max; a repeat of "
                             "this request will run again",
                             {{"bytes", stored.headers.size() + stored.body.size()}});
  return std::nullopt;
}

}  // namespace gantry::pipeline
