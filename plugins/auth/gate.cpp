#include "gate.hpp"

#include <algorithm>

namespace gantry::auth {
namespace {

constexpr std::string_view kScheme = "bearer ";

Verdict unauthenticated(const Passage& passage) {
  passage.answer(Response::problem(401, "UNAUTHENTICATED",
                                   "send a session token: Authorization: Bearer <token>")
                     .header("WWW-Authenticate", "Bearer"));
  return Verdict::done;
}

bool has_scheme(std::string_view header) {
  if (header.size() <= kScheme.size()) return false;
  for (size_t i = 0; i < kScheme.size(); ++i) {
    const char c = header[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != kScheme[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<Digest> bearer_of(const Request& request) {
  std::string_view header = request.header("authorization");
  if (!has_scheme(header)) return std::nullopt;
  header.remove_prefix(kScheme.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  if (!looks_like_token(header)) return std::nullopt;
  return digest_of(header);
}

Verdict Gate::require_session(const Passage& passage, const Request& request) {
  const auto session = bearer_of(request);
  if (!session) return unauthenticated(passage);
  PrincipalPtr principal = login_.remembered(*session);
  if (!principal && !request.on_worker()) return Verdict::worker;
  if (!principal) principal = login_.look_up(*session);
  if (!principal) return unauthenticated(passage);
  passage.principal(principal->user, principal->roles);
  return Verdict::next;
}

Verdict Gate::accept_session(const Passage& passage, const Request& request) {
  if (request.header("authorization").empty()) return Verdict::next;
  return require_session(passage, request);
}

Verdict Gate::authorize(const Passage& passage, const Request& request) const {
  if (request.access() == GANTRY_ACCESS_PUBLIC) return Verdict::next;
  if (request.user().empty()) return unauthenticated(passage);
  if (request.access() != GANTRY_ACCESS_ROLE || request.has_route_role()) return Verdict::next;
  passage.answer(Response::problem(403, "FORBIDDEN", "this needs a role that you do not have"));
  return Verdict::done;
}

}  // namespace gantry::auth
