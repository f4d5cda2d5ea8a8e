// Conclusion: how the answer of a handler that has decided something is committed and released. For
// Context and routes.
#pragma once
#include <utility>

#include "gantry/http.hpp"
#include "gantry/unit.hpp"

namespace gantry::detail {

// Runs `decide() -> Response`. What it refuses leaves the unit nothing but the checks it rests on.
// unit() may be null: then nothing was decided.
template <class F, class UnitOf>
Response decided(F&& decide, UnitOf&& unit) {
  const auto keep_checks = [&](const Response& response) {
    const bool refused = unit() && response.status() >= 400 && response.status() < 500;
    if (refused) unit()->keep_checks();
    return refused;
  };
  try {
    Response response = decide();
    keep_checks(response);
    return response;
  } catch (const Problem& problem) {
    if (!keep_checks(problem.response())) throw;
    return problem.response();
  }
}

class Conclusion {
 public:
  // Of those who decide on one stream at the same time on several servers, each commit lets one
  // through.
  static constexpr uint32_t kAttemptsMax = 100;

  Conclusion(const Host& host, const Request& request, gantry_handle exchange)
      : http_(&host.http()), exchange_(exchange), attempt_(request.attempt()) {}

  // Commits the unit together with the answer, which is released after that. Returns what the
  // handler returns to the host.  throws  Error  nothing was written
  uint32_t later(Unit& unit, const Response& response) const {
    if (response.is_later())
      throw Error(Code::kInternal, "an answer that comes later goes with transact_wait()");
    response.apply(*http_, exchange_);
    unit.store_answer(exchange_);
    unit.commit([conclusion = *this, status = response.status()](const gantry_outcome& outcome) {
      conclusion.release(outcome, status);
    });
    return GANTRY_PENDING;
  }

  // The same, blocking, for a handler that goes on.  throws  Conflict, Error
  Response wait(Unit& unit, Response response) const {
    const bool is_later = response.is_later();
    if (!is_later) response.apply(*http_, exchange_);
    unit.store_answer(exchange_);
    const Committed committed = unit.commit();
    if (is_later) return response;
    if (committed.repeated) return expired();
    if (committed.last > 0) response.position(committed.last);
    return response;
  }

  // The handler shall decide again; or not, after too many attempts.
  uint32_t again(std::string_view why) const {
    if (attempt_ + 1 < kAttemptsMax) return GANTRY_AGAIN;
    http_->fail(http_->self, exchange_, GANTRY_CONFLICT, to_abi(why));
    return GANTRY_DONE;
  }

 private:
  // On the log's thread.
  void release(const gantry_outcome& outcome, int status) const {
    uint32_t verdict = GANTRY_DONE;
    const gantry_rc rc = guarded(nullptr, [&] {
      if (outcome.rc == GANTRY_CONFLICT)
        verdict = again(from_abi(outcome.detail));
      else if (outcome.rc != GANTRY_OK)
        http_->fail(http_->self, exchange_, outcome.rc, outcome.detail);
      else if (outcome.repeated && status < 400)
        expired().apply(*http_, exchange_);
      else if (outcome.last > 0)
        http_->header(http_->self, exchange_, to_abi("Gantry-Position"),
                      to_abi(to_text(outcome.last)));
    });
    if (rc != GANTRY_OK)
      http_->fail(http_->self, exchange_, rc, to_abi("the answer could not be completed"));
    http_->resume(http_->self, exchange_, verdict);
  }

  // The same command again, and its answer is kept no longer: what was decided now was not written.
  static Response expired() {
    return Response::problem(409, "IDEMPOTENCY_KEY_EXPIRED",
                             "this Idempotency-Key did its work before; use a new one");
  }

  const gantry_http* http_;
  gantry_handle exchange_;
  uint32_t attempt_;
};

}  // namespace gantry::detail
