#include "routes.hpp"

#include "gate.hpp"

namespace gantry::auth {
namespace {

// Adds {"id", "email", "roles"} and leaves the object open.
JsonWriter& begin_user(JsonWriter& json, const User& user) {
  json.field("id", user.id).field("email", user.email).array("roles");
  user.roles.each([&](std::string_view role) { json.value(role); });
  return json.end();
}

void write_account(JsonWriter& json, const User& user) {
  begin_user(json.object(), user).field("created_at", user.created_at).end();
}

std::string email_of(std::string_view text) {
  auto email = normalised_email(text);
  if (!email)
    throw Problem(Response::invalid({{"/email", "INVALID_EMAIL", "is not an e-mail address"}}));
  return *std::move(email);
}

// The middleware has let the request through, so only a logout beside it leads here.
[[noreturn]] void no_session() {
  throw Problem(Response::problem(401, "UNAUTHENTICATED", "the session has ended")
                    .header("WWW-Authenticate", "Bearer"));
}

}  // namespace

// Does the same, and so takes as long, whether or not there is such a user.
Response Routes::request_link(Context&, const Request& request) {
  const std::string email = email_of(request.json()["email"].text());
  const std::string token = login_.make_link(email);
  mailer_.send({email, join(settings_.link_url, token)});
  JsonWriter json;
  json.object().field("message", "if the address can receive mail, a link is on its way to it");
  if (settings_.expose_magic_links) json.field("magic_link_token", token);
  return Response::accepted(std::move(json.end()).text());
}

Response Routes::verify_link(Context&, const Request& request) {
  const auto opened = login_.open(request.json()["token"].text());
  if (!opened)
    return Response::problem(401, "MAGIC_LINK_INVALID",
                             "the link is unknown, used, replaced by a newer one, or expired");
  JsonWriter json;
  json.object()
      .field("session_token", opened->session_token)
      .field("expires_at", opened->times.expires_at)
      .object("user");
  begin_user(json, opened->user).end();
  host_.write(Level::info, "auth.logged_in", "A user has logged in", {{"user", opened->user.id}});
  return Response::ok(std::move(json.end()).text());
}

Response Routes::show_session(Context&, const Request& request) {
  const auto session = bearer_of(request);
  const auto shown = session ? login_.show(*session) : std::nullopt;
  if (!shown) no_session();
  JsonWriter json;
  json.object().object("user");
  begin_user(json, shown->user).end();
  json.field("created_at", shown->times.created_at)
      .field("expires_at", shown->times.expires_at)
      .field("last_active_at", shown->times.last_active_at)
      .end();
  return Response::ok(std::move(json).text());
}

Response Routes::logout(Context&, const Request& request) {
  if (const auto session = bearer_of(request)) login_.close(*session);
  return Response::no_content();
}

Response Routes::revoke_all(Context&, const Request& request) {
  login_.close_all(request.user());
  return Response::no_content();
}

Response Routes::list_users(Context&, const Request& request) {
  const auto filter = request.query("email");
  const std::string scope = join("users ", request.user());
  const Page page = Page::of(request, page_tokens_, scope);
  const Session session = Session::reading(host_, kDatabase);
  std::vector<User> users;
  if (!filter) {
    users = auth::list_users(session, page.cursor, page.size + 1);
  } else if (auto user = find_user_by_email(session, email_of(*filter))) {
    users.push_back(*std::move(user));
  }
  const bool more = users.size() > page.size;
  if (more) users.pop_back();
  JsonWriter json;
  json.object().array("items");
  for (const User& user : users) write_account(json, user);
  json.end();
  json.field("next_page_token", more ? page_tokens_.seal(scope, users.back().id) : std::string());
  return Response::ok(std::move(json.end()).text());
}

Response Routes::assign_roles(Context&, const Request& request) {
  Roles wanted;
  request.json()["roles"].each([&](Json role) { wanted.add(role.text()); });
  const std::string id = request.param_uuid(0).text();
  const auto assigned = login_.assign_roles(id, wanted);
  if (!assigned) return Response::problem(404, "USER_NOT_FOUND", "there is no such user");
  if (!assigned->ok())
    return Response::problem(409, "LAST_ADMIN", "the last admin cannot lose that role");
  host_.write(Level::info, "auth.roles_changed", "An admin has changed the roles of a user",
              {{"user", id}, {"by", request.user()}, {"roles", wanted.words()}});
  JsonWriter json;
  write_account(json, assigned->value());
  return Response::ok(std::move(json).text());
}

}  // namespace gantry::auth
