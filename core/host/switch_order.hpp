// SwitchOrder: what somebody wants done with a plugin.
#pragma once
#include <string>
#include <string_view>

#include "gantry/result.hpp"

namespace gantry::host {

struct SwitchOrder {
  std::string id;
  bool on = false;
  bool dry_run = false;  // only say what would change
};

// A query parameter that a route cannot take.
struct WrongParameter {
  int status = 422;       // 400: it stands there twice
  std::string parameter;  // its name
  std::string code;
  std::string detail;
};

// dry_run of "dry_run=true", the only parameter there is.
Result<bool, WrongParameter> read_dry_run(std::string_view query);

}  // namespace gantry::host
