#include "console_mailer.hpp"

namespace gantry::auth {

// The address stays out of the log: it is personal data.
void ConsoleMailer::send(const MagicLinkMail& mail) {
  if (shows_link_) {
    host_.write(Level::info, "auth.magic_link_made", "A magic link was made; no mail is sent",
                {{"link", mail.link}});
  } else {
    host_.write(Level::info, "auth.magic_link_made", "A magic link was made; no mail is sent");
  }
}

}  // namespace gantry::auth
