// auth: what it adds to the server; each line names where the behaviour lives.
#include "gantry/plugin.hpp"

#include <optional>

#include "auth_migrations.hpp"
#include "console_mailer.hpp"
#include "gate.hpp"
#include "routes.hpp"
#include "schemas.hpp"

namespace gantry::auth {
namespace {

class Auth final : public Plugin {
 public:
  explicit Auth(Host& host) : Plugin(host) {}

  void prepare(Plan& plan) override {
    plan.migrations(kDatabase, auth_migrations::kEngines);
    gate(plan, "authenticate", "authn", &Gate::require_session);
    gate(plan, "authenticate_optional", "authn", &Gate::accept_session);
    gate(plan, "authorize", "authz", &Gate::authorize);
    public_routes(plan);
    session_routes(plan);
    admin_routes(plan);
  }

  void start() override {
    settings_ = Settings::of(host().config());
    login_.emplace(host(), settings_);
    gate_.emplace(*login_);
    mailer_.emplace(host(), settings_.expose_magic_links);
    routes_.emplace(host(), settings_, *login_, *mailer_,
                    PageTokens::kept_in(host(), kDatabase, "auth_page_key"));
    if (settings_.expose_magic_links)
      host().write(Level::warn, "auth.exposed", "expose_magic_links is on: anybody can log in");
  }

 private:
  void public_routes(Plan& plan) {
    plan.route("POST", "/auth/magic-link/request", to(&Routes::request_link),
               {.access = Access::kPublic,
                .body = schema::kRequestLink,
                .answer = schema::kLinkRequested,
                .summary = "Sends a link to log in with to an e-mail address"});
    plan.route("POST", "/auth/magic-link/verify", to(&Routes::verify_link),
               {.access = Access::kPublic,
                .body = schema::kVerify,
                .answer = schema::kVerified,
                .summary = "Exchanges the token of a magic link for a session"});
  }

  void session_routes(Plan& plan) {
    plan.route("GET", "/auth/session", to(&Routes::show_session),
               {.access = Access::kSession,
                .answer = schema::kSession,
                .summary = "The session of this token"});
    plan.route("POST", "/auth/logout", to(&Routes::logout),
               {.access = Access::kSession, .summary = "Ends this session"});
    plan.route("POST", "/auth/sessions/revoke-all", to(&Routes::revoke_all),
               {.access = Access::kSession, .summary = "Ends all sessions of this user"});
  }

  void admin_routes(Plan& plan) {
    plan.route("GET", "/admin/users", to(&Routes::list_users),
               {.access = Access::kRole,
                .roles = "admin",
                .answer = schema::kUsers,
                .summary = "Users, newest first, or the one with an e-mail address"});
    plan.route("PUT", "/admin/users/{id:uuid}/roles", to(&Routes::assign_roles),
               {.access = Access::kRole,
                .roles = "admin",
                .body = schema::kRoles,
                .answer = schema::kUser,
                .summary = "Replaces the roles of a user"});
  }

  RouteHandler to(Response (Routes::*handler)(Context&, const Request&)) {
    return [this, handler](Context& context, const Request& request) {
      return ((*routes_).*handler)(context, request);
    };
  }

  template <class Method>
  void gate(Plan& plan, std::string_view name, std::string_view phase, Method method) {
    plan.middleware(name, phase, [this, method](const Passage& passage, const Request& request) {
      return ((*gate_).*method)(passage, request);
    });
  }

  // Made by start(), before the first request, in this order.
  Settings settings_;
  std::optional<Login> login_;
  std::optional<Gate> gate_;
  std::optional<ConsoleMailer> mailer_;
  std::optional<Routes> routes_;
};

}  // namespace
}  // namespace gantry::auth

GANTRY_PLUGIN(gantry::auth::Auth)
