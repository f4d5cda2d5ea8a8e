// The one table of this plugin from what its aggregate refuses to what clients read.
#pragma once
#include <string>
#include <string_view>

#include "gantry/http.hpp"
#include "inventory_client.hpp"
#include "reservation.hpp"

namespace gantry::reservations {

struct Refusal {
  int status = 409;
  std::string_view code;
  std::string_view detail;
  std::string params;  // one JSON object, or empty

  Problem problem() const { return {status, code, detail, params}; }
  // {"status", "code", "detail", "params"}: as services answer it.
  std::string json() const;
};

Refusal refusal_of(const Reservation::Rejection& reason);
inline Problem problem_of(const Reservation::Rejection& reason) {
  return refusal_of(reason).problem();
}
// What another plugin's service refused, as this plugin's answer.
Problem problem_of(const Host& host, const RefusalJson& refusal);

}  // namespace gantry::reservations
