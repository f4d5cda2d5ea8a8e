// Gate: the middleware of this plugin. Who is asking, and may they?
#pragma once
#include <optional>

#include "gantry/plan.hpp"
#include "login.hpp"

namespace gantry::auth {

// Digest of the token in "Authorization: Bearer <token>"; nullopt when there is none that could be
// one of ours. Source: RFC 6750 section 2.1.
std::optional<Digest> bearer_of(const Request& request);

class Gate {
 public:
  explicit Gate(Login& login) : login_(login) {}

  // authenticate: nobody gets past without a good session. [io] [worker]
  Verdict require_session(const Passage& passage, const Request& request);
  // authenticate_optional: without Authorization the request goes on as nobody's; a token that is
  // sent must be good. [io] [worker]
  Verdict accept_session(const Passage& passage, const Request& request);
  // authorize: what the route demands of the user. [io]
  Verdict authorize(const Passage& passage, const Request& request) const;

 private:
  Login& login_;
};

}  // namespace gantry::auth
