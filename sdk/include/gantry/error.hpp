// gantry::Error: the world says no (database away, deadline, bad input, a fault in the caller's use
// of an interface). Thrown inside one module only; the guard at the boundary turns it into a code.
#pragma once
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "gantry/abi/base.h"

namespace gantry {

// Same values as the GANTRY_* return codes of abi/base.h.
enum class Code : int32_t {
  kOk = GANTRY_OK,
  kInvalid = GANTRY_INVALID,
  kNotFound = GANTRY_NOT_FOUND,
  kConflict = GANTRY_CONFLICT,
  kUnavailable = GANTRY_UNAVAILABLE,
  kDeadline = GANTRY_DEADLINE,
  kExhausted = GANTRY_EXHAUSTED,
  kDenied = GANTRY_DENIED,
  kStale = GANTRY_STALE,
  kInternal = GANTRY_INTERNAL,
};

inline std::string_view name_of(Code code) {
  switch (code) {
    case Code::kOk:
      return "ok";
    case Code::kInvalid:
      return "invalid";
    case Code::kNotFound:
      return "not_found";
    case Code::kConflict:
      return "conflict";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kDeadline:
      return "deadline";
    case Code::kExhausted:
      return "exhausted";
    case Code::kDenied:
      return "denied";
    case Code::kStale:
      return "stale";
    case Code::kInternal:
      return "internal";
  }
  return "unknown";
}

class Error : public std::exception {
 public:
  Error(Code code, std::string detail) : code_(code), detail_(std::move(detail)) {}

  Code code() const { return code_; }
  const std::string& detail() const { return detail_; }
  const char* what() const noexcept override { return detail_.c_str(); }

 private:
  Code code_;
  std::string detail_;
};

}  // namespace gantry
