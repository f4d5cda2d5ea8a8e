// The one table of this plugin from what its aggregate refuses to what clients read.
#pragma once
#include <string>
#include <string_view>

#include "gantry/host.hpp"
#include "gantry/http.hpp"
#include "payment.hpp"
#include "reservations_client.hpp"

namespace gantry::payments {

struct Refusal {
  int status = 409;
  std::string_view code;
  std::string_view detail;
  std::string params = {};  // one JSON object, or empty

  Response response() const { return Response::problem(status, code, detail, params); }
  Problem problem() const { return Problem(response()); }
};

Refusal refusal_of(const Payment::Rejection& reason);
// What another plugin's service refused, as this plugin's answer.
Response problem_of(const Host& host, const RefusalJson& refusal);

Problem payment_not_found();
Problem refund_not_found();
Problem forbidden();

}  // namespace gantry::payments
