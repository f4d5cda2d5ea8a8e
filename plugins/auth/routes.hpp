// Routes: what a client can ask of this plugin. All [worker].
#pragma once
#include "gantry/context.hpp"
#include "gantry/page_token.hpp"
#include "login.hpp"
#include "mailer.hpp"

namespace gantry::auth {

class Routes {
 public:
  Routes(const Host& host, const Settings& settings, Login& login, Mailer& mailer,
         PageTokens page_tokens)
      : host_(host),
        settings_(settings),
        login_(login),
        mailer_(mailer),
        page_tokens_(std::move(page_tokens)) {}

  Response request_link(Context& context, const Request& request);
  Response verify_link(Context& context, const Request& request);
  Response show_session(Context& context, const Request& request);
  Response logout(Context& context, const Request& request);
  Response revoke_all(Context& context, const Request& request);
  Response list_users(Context& context, const Request& request);
  Response assign_roles(Context& context, const Request& request);

 private:
  const Host& host_;
  const Settings& settings_;
  Login& login_;
  Mailer& mailer_;
  PageTokens page_tokens_;
};

}  // namespace gantry::auth
