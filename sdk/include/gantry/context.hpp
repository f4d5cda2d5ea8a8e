// Context: what a handler has besides the request: the host, and the way to write.
#pragma once
#include <string>
#include <utility>

#include "gantry/http.hpp"
#include "gantry/log.hpp"

namespace gantry {

class Context {
 public:
  Context(const Host& host, const Request& request, gantry_handle exchange)
      : host_(&host), request_(&request), exchange_(exchange) {}

  const Host& host() const { return *host_; }
  Instant now() const { return host_->now(); }
  Uuid new_id() const { return host_->new_id(); }
  Cause cause() const { return {request_->request_id(), request_->user(), {}}; }

  // Runs `decide(Unit&) -> Response`, commits the unit together with the answer under the request's
  // Idempotency-Key, and adds Gantry-Position. When a stream moved on in between, everything is
  // decided again, a bounded number of times. `decide` therefore must not do anything that cannot
  // be repeated. When it returns Response::later(), the key is marked as begun: a repeat after a
  // crash comes to the handler again, with the same request.command().
  //
  //   throws  Error{kConflict}  it kept moving on
  //           Error, Problem    from `decide`; nothing was written
  //   thread  [worker]
  template <class F>
  Response transact(F&& decide) const {
    for (int attempt = 1;; ++attempt) {
      Unit unit(*host_, request_->command(), cause());
      Response response = decide(unit);
      if (!response.is_later()) response.apply(host_->http(), exchange_);
      unit.store_answer(exchange_);
      try {
        const Committed committed = unit.commit();
        // The same command again, and its answer is kept no longer: what was decided now was not
        // written.
        if (committed.repeated && !response.is_later()) {
          return Response::problem(409, "IDEMPOTENCY_KEY_EXPIRED",
                                   "this Idempotency-Key did its work before; use a new one");
        }
        if (committed.last > 0 && !response.is_later()) response.position(committed.last);
        return response;
      } catch (const Conflict&) {
        if (attempt == kAttemptsMax) throw;
      }
    }
  }

  // Takes over the answer: return Response::later() from the handler and answer through the
  // Pending.
  Pending defer() const { return Pending(*host_, exchange_); }

  gantry_handle exchange() const { return exchange_; }

 private:
  // Of those who decide on one stream at the same time, each commit lets one through.
  static constexpr int kAttemptsMax = 100;
  const Host* host_;
  const Request* request_;
  gantry_handle exchange_;
};

// What middleware may do with an exchange.
class Passage {
 public:
  Passage(const Host& host, gantry_handle exchange) : http_(&host.http()), exchange_(exchange) {}

  void header(std::string_view name, std::string_view value) const {
    check(http_->header(http_->self, exchange_, to_abi(name), to_abi(value)), name);
  }
  void principal(std::string_view user, std::string_view roles) const {
    check(http_->principal(http_->self, exchange_, to_abi(user), to_abi(roles)), "principal");
  }
  void answer(const Response& response) const { response.apply(*http_, exchange_); }
  uint32_t status() const { return http_->status(http_->self, exchange_); }
  // Header of the answer so far; empty when absent.
  std::string answer_header(std::string_view name) const {
    TextSink value;
    http_->answer_header(http_->self, exchange_, to_abi(name), value.abi());
    return value.take();
  }

 private:
  const gantry_http* http_;
  gantry_handle exchange_;
};

}  // namespace gantry
