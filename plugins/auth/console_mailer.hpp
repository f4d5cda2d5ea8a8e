// ConsoleMailer: writes a log line instead of sending a mail. For development.
#pragma once
#include "gantry/host.hpp"
#include "mailer.hpp"

namespace gantry::auth {

class ConsoleMailer final : public Mailer {
 public:
  // shows_link: the line contains the link and so its token.
  ConsoleMailer(const Host& host, bool shows_link) : host_(host), shows_link_(shows_link) {}
  void send(const MagicLinkMail& mail) override;

 private:
  const Host& host_;
  const bool shows_link_;
};

}  // namespace gantry::auth
