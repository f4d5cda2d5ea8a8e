// Problem documents (RFC 9457): the body of every 4xx and 5xx.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_schema.hpp"
#include "gantry/abi/base.h"

namespace gantry::pipeline {

constexpr std::string_view kProblemType = "application/problem+json";

struct Problem {
  int status = 500;
  std::string_view code;      // "SEAT_TAKEN"; never changes once published
  std::string_view detail;    // one sentence for the client
  std::string_view instance;  // path of the request
  std::string_view request_id;
  std::string_view params;  // one JSON object, or empty
  std::string_view errors;  // one JSON array, or empty for no such member
};

// {"type":"/docs/errors/seat_taken","title":"Seat taken","status":409,"code":"SEAT_TAKEN", …}
std::string problem_text(const Problem& problem);

// [{"pointer":"/seats","code":"REQUIRED","detail":"…"}, …]
std::string errors_text(const std::vector<base::JsonFault>& faults);

// What a failure that is not the business's is answered with.
struct FailureAnswer {
  int status;
  std::string_view code;
  std::string_view detail;  // shown unless `why` may be
  bool shows_why;           // only INVALID and NOT_FOUND
  bool retry_after;
};
FailureAnswer answer_for(gantry_rc rc);

}  // namespace gantry::pipeline
