// Mailer: how a magic link reaches its owner.
#pragma once
#include <string_view>

namespace gantry::auth {

struct MagicLinkMail {
  std::string_view to;
  std::string_view link;  // contains the token: a secret
};

class Mailer {
 public:
  virtual ~Mailer() = default;
  // throws Error{kUnavailable} when the mail could not be handed over. [worker]
  virtual void send(const MagicLinkMail& mail) = 0;
};

}  // namespace gantry::auth
