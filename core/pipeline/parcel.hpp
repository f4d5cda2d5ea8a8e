// Parcel: a copy of everything a plugin sees of a request, so that work off the loop needs nothing
// of the exchange, which may end at any time.
#pragma once
#include <string>
#include <vector>

#include "gantry/abi/http.h"

namespace gantry::pipeline {

class Parcel {
 public:
  // Copies what `request` points to, except json, which belongs to the Run already.
  void pack(const gantry_request& request);

  gantry_request request{};
  std::string user, roles;  // what request.user and request.roles show

 private:
  std::string bytes_;
  std::vector<gantry_header> headers_;
  std::vector<gantry_str> params_;
};

}  // namespace gantry::pipeline
