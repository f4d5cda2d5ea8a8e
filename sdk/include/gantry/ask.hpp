// Asking: reads of a handler on an event loop, which waits for nothing. The statement is asked, the
// handler returns, and a continuation answers the request with the rows.
//
//   // [io]  {.runs = Runs::kOnLoop}
//   return context.ask("projections", "SELECT title FROM events_view WHERE id = ?", {id},
//                      [](const SqlRows& rows) {
//                        if (rows.empty()) throw Problem(404, "EVENT_NOT_FOUND", "no such event");
//                        return Response::ok(…);
//                      });
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "gantry/abi/sql.h"
#include "gantry/http.hpp"
#include "gantry/sql.hpp"

namespace gantry {

// All rows of an answer; valid until the continuation returns.
class SqlRows {
 public:
  explicit SqlRows(const gantry_sql_rows& raw) : raw_(&raw) {}
  uint64_t size() const { return raw_->count; }
  bool empty() const { return raw_->count == 0; }
  SqlRow operator[](uint64_t index) const {
    if (index >= raw_->count) throw Error(Code::kInternal, "no such row");
    return {raw_->values + index * raw_->columns, raw_->columns};
  }

 private:
  const gantry_sql_rows* raw_;
};

// What a handler or a continuation needs to ask for more.
class Asking {
 public:
  Asking(const Host& host, gantry_handle exchange) : host_(&host), exchange_(exchange) {}

  // Asks one statement that only reads, for few rows found by an index. Return what it returns.
  //
  //   values     borrowed for the call
  //   answer     Response(const SqlRows&), or Response(const SqlRows&, const Asking&) when it may
  //              ask again. Called once, on the same loop, after the handler has returned: capture
  //              by value, the request is gone by then. What it throws becomes an answer as what a
  //              handler throws.
  //   otherwise  the request is answered without it: 503 (away, too many asks), 504 (later than
  //              storage.ask_timeout_ms), 500 (the statement is wrong)
  //   throws     Denied     not on an event loop: the route is not {.runs = Runs::kOnLoop}
  //              Exhausted  storage.asks_max are outstanding; let it pass
  //              NotFound, Invalid
  //   thread     [io] does not block
  //   source     ADR-0018
  template <class F>
  Response ask(std::string_view database, std::string_view statement, const SqlValues& values,
               F answer) const;

 private:
  template <class F>
  struct Asked;

  // Answers the request with what `respond` returns or throws; not when that has asked again.
  template <class F>
  void conclude(gantry_rc rc, gantry_str why, F&& respond) const noexcept {
    const gantry_http& http = host_->http();
    TextSink words;
    if (rc == GANTRY_OK) {
      bool later = false;
      rc = guarded(words.abi(), [&] {
        try {
          const Response response = respond();
          later = response.is_later();
          if (!later) response.apply(http, exchange_);
        } catch (const Problem& problem) {
          problem.response().apply(http, exchange_);
        }
      });
      if (later) return;
      why = to_abi(words.text());
    } else if (rc == GANTRY_INVALID || rc == GANTRY_NOT_FOUND || rc == GANTRY_CONFLICT) {
      rc = GANTRY_INTERNAL;  // the statement's fault, not the client's
    }
    if (rc != GANTRY_OK) http.fail(http.self, exchange_, rc, why);
    http.resume(http.self, exchange_, GANTRY_DONE);
  }

  const Host* host_;
  gantry_handle exchange_;
};

template <class F>
struct Asking::Asked {
  Asked(const Asking& from, F f) : asking(from), answer(std::move(f)) {}
  Asking asking;
  F answer;

  static void told(void* state, gantry_rc rc, const gantry_sql_rows* rows, gantry_str why) {
    const std::unique_ptr<Asked> self(static_cast<Asked*>(state));
    self->asking.conclude(rc, why, [&] { return self->respond(SqlRows(*rows)); });
  }
  Response respond(const SqlRows& rows) {
    if constexpr (std::is_invocable_r_v<Response, F&, const SqlRows&, const Asking&>)
      return answer(rows, asking);
    else
      return answer(rows);
  }
};

template <class F>
Response Asking::ask(std::string_view database, std::string_view statement, const SqlValues& values,
                     F answer) const {
  const auto raw = raw_of(values);
  const gantry_sql& sql = host_->sql();
  auto asked = std::make_unique<Asked<F>>(*this, std::move(answer));
  TextSink why;
  check(sql.ask(sql.self, to_abi(database), to_abi(statement), raw.data(),
                static_cast<uint32_t>(raw.size()), asked.get(), &Asked<F>::told, why.abi()),
        why);
  asked.release();  // until it is told
  return Response::later();
}

}  // namespace gantry
