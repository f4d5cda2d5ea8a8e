#include "core/plugins/plan_rules.hpp"

#include "core/pipeline/phase.hpp"
#include "core/pipeline/router.hpp"
#include "core/plugins/tables/tables.hpp"

namespace gantry::plugins {
namespace {
constexpr size_t kNameBytesMax = 128;

bool is_word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

[[noreturn]] void refuse(const gantry_route& route, std::string_view why) {
  throw Error(Code::kInvalid,
              join("route ", view(route.method), " ", view(route.pattern), ": ", why));
}
}  // namespace

bool is_dotted_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax) return false;
  bool start = true;  // of a word: a letter
  for (const char c : name) {
    if (start ? !(c >= 'a' && c <= 'z') : !(is_word_char(c) || c == '.')) return false;
    start = c == '.';
  }
  return !start;
}

bool is_interface_name(std::string_view name) {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos || !is_dotted_name(name.substr(0, slash))) return false;
  const auto major = name.substr(slash + 1);
  return !major.empty() && major.size() <= 4 && major[0] != '0' &&
         std::all_of(major.begin(), major.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

void demand_route(const gantry_route& route) {
  pipeline::Router router;
  if (const auto refusal = router.add(view(route.method), view(route.pattern), 0))
    refuse(route, refusal->reason);
  if (!route.handle) refuse(route, "it has no handle function");
  if (route.access != GANTRY_ACCESS_PUBLIC && route.access != GANTRY_ACCESS_SESSION &&
      route.access != GANTRY_ACCESS_ROLE) {
    refuse(route, "it does not say who may call it; set access");
  }
  if ((route.access == GANTRY_ACCESS_ROLE) == view(route.roles).empty())
    refuse(route, "roles are for GANTRY_ACCESS_ROLE, and needed there");
  if (route.thread != GANTRY_ON_LOOP && route.thread != GANTRY_ON_WORKER)
    refuse(route, "thread is GANTRY_ON_LOOP or GANTRY_ON_WORKER");
  if (route.idempotency > GANTRY_IDEMPOTENCY_REQUIRED)
    refuse(route, "idempotency is none, optional or required");
  if (view(route.chain).empty()) refuse(route, "it does not name its chain");
}

void demand_middleware(const gantry_middleware& middleware) {
  const auto name = view(middleware.name);
  if (!is_dotted_name(name))
    throw Error(Code::kInvalid, join("middleware \"", name, "\": name it like rate_limit"));
  if (!pipeline::phase_of(view(middleware.phase)))
    throw Error(Code::kInvalid,
                join("middleware ", name, ": there is no phase \"", view(middleware.phase), "\""));
  if (!middleware.on_request && !middleware.on_response)
    throw Error(Code::kInvalid, join("middleware ", name, " has no function"));
}

void demand_event_type(const log::DeclaredType& type, std::string_view owner,
                       const std::vector<log::DeclaredType>& before) {
  const log::TypeName name = *log::parse_type(type.type);
  const auto refuse = [&](const auto&... why) {
    throw Error(Code::kInvalid, join("event type ", type.type, ": ", why...));
  };
  if (name.owner != owner) refuse("its name must be \"", owner, ".<past_tense>.v<N>\"");
  uint32_t last = 0;  // version declared of that name
  for (const log::DeclaredType& other : before) {
    if (other.type == type.type) refuse("it is declared twice");
    const log::TypeName known = *log::parse_type(other.type);
    if (known.name == name.name) last = known.version;
  }
  if (name.version != last + 1)
    refuse("declare every version from v1 on, in order; ", name.of_version(last + 1), " is next");
  if (name.version == 1 && type.upcast) refuse("there is no version before v1 to upcast from");
  if (name.version > 1 && !type.upcast) refuse("it needs an upcaster from ", name.of_version(last));
}

void demand_database(std::string_view name) {
  if (!is_dotted_name(name))
    throw Error(Code::kInvalid, join("\"", name, "\" is no database; \"projections\" is one"));
}

}  // namespace gantry::plugins
