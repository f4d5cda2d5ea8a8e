// Context: what a handler has besides the request: the host, and the way to write.
#pragma once
#include <optional>
#include <string>
#include <utility>

#include "gantry/aggregate.hpp"
#include "gantry/ask.hpp"
#include "gantry/conclusion.hpp"
#include "gantry/http.hpp"
#include "gantry/unit.hpp"

namespace gantry {

// What a handler writes goes into the request's unit. It is committed when the handler has
// returned, with the answer under the request's Idempotency-Key, and the answer is released after
// that commit; no thread waits for it. An answer of 4xx is a refusal: nothing is written then, but
// it, too, is released only if the state it rests on is committed. When a stream has moved on, the
// whole handler is called again, a bounded number of times: it must not do anything else that
// cannot be repeated.
class Context {
 public:
  Context(const Host& host, const Request& request, gantry_handle exchange)
      : host_(&host), request_(&request), exchange_(exchange) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const Host& host() const { return *host_; }
  Instant now() const { return host_->now(); }
  Uuid new_id() const { return host_->new_id(); }
  Cause cause() const { return {request_->request_id(), request_->user(), {}}; }

  // Decides on the aggregate and stages what it says into the request's unit. What it refuses is
  // thrown as problem_of(reason), which stands beside A.
  //   throws  Problem, Conflict (let it pass), Error     thread  [worker]
  template <class A>
  typename Repository<A>::Decided execute(std::string_view id, const typename A::Command& command) {
    auto decided = host_->aggregates<A>().decide(unit(), id, command);
    if (!decided) throw problem_of(decided.reason());
    return std::move(*decided);
  }

  // Runs `decide(Unit&) -> Response` on the request's unit, for what execute() does not say. Return
  // what it returns.
  template <class F>
  Response transact(F&& decide) {
    return decide(unit());
  }

  // For handlers that go on after the commit: decides in a unit of its own and blocks until it is
  // committed. A refusal is committed and returned like any answer; Response::later() marks the
  // Idempotency-Key as begun, so that a repeat after a crash comes to the handler again, with the
  // same request.command().
  //   throws  Conflict  (let it pass: the handler is called again)
  //           Error, Problem of 5xx; nothing was written     thread  [worker]
  template <class F>
  Response transact_wait(F&& decide) {
    // It might have to wait for what this handler has decided and not given away.
    if (unit_) throw Error(Code::kInternal, "transact_wait() after execute() or unit()");
    Unit own(*host_, request_->command(), cause());
    Response response = detail::decided([&] { return decide(own); }, [&] { return &own; });
    return detail::Conclusion(*host_, *request_, exchange_).wait(own, std::move(response));
  }

  // The request's unit; begun when it is first asked for.
  Unit& unit() {
    if (!unit_) unit_.emplace(*host_, request_->command(), cause());
    return *unit_;
  }
  // Null as long as nobody has asked for it.
  Unit* begun_unit() { return unit_ ? &*unit_ : nullptr; }

  // Answers with what a statement finds, as Asking::ask: `return context.ask(…)`. The handler must
  // not have begun a unit.  [io]
  template <class F>
  Response ask(std::string_view database, std::string_view statement, const SqlValues& values,
               F answer) const {
    return Asking(*host_, exchange_).ask(database, statement, values, std::move(answer));
  }

  // Takes over the answer: return Response::later() from the handler and answer through the
  // Pending.
  Pending defer() const { return Pending(*host_, exchange_); }

  gantry_handle exchange() const { return exchange_; }

 private:
  const Host* host_;
  const Request* request_;
  gantry_handle exchange_;
  std::optional<Unit> unit_;
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
