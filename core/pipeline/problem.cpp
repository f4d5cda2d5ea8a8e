#include "core/pipeline/problem.hpp"

#include "core/observe/utf8.hpp"
#include "gantry/json_writer.hpp"

namespace gantry::pipeline {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string type_of(std::string_view code) {
  std::string out = "/docs/errors/";
  for (const char c : code) out += lower(c);
  return out;
}

// "SEAT_TAKEN" → "Seat taken"
std::string title_of(std::string_view code) {
  std::string out;
  for (const char c : code) out += out.empty() ? c : c == '_' ? ' ' : lower(c);
  return out;
}

}  // namespace

std::string problem_text(const Problem& problem) {
  JsonWriter json;
  json.object()
      .field("type", type_of(problem.code))
      .field("title", title_of(problem.code))
      .field("status", problem.status)
      .field("code", problem.code)
      .field("detail", observe::well_formed(problem.detail))
      .field("instance", observe::well_formed(problem.instance))
      .field("request_id", problem.request_id)
      .raw("params", problem.params.empty() ? "{}" : problem.params);
  if (!problem.errors.empty()) json.raw("errors", problem.errors);
  return std::move(json.end()).text();
}

std::string errors_text(const std::vector<base::JsonFault>& faults) {
  JsonWriter json;
  json.array();
  for (const base::JsonFault& fault : faults) {
    json.object()
        .field("pointer", fault.pointer)
        .field("code", fault.code)
        .field("detail", fault.detail)
        .end();
  }
  return std::move(json.end()).text();
}

FailureAnswer answer_for(gantry_rc rc) {
  switch (rc) {
    case GANTRY_INVALID:
      return {400, "BAD_REQUEST", "The request is not valid.", true, false};
    case GANTRY_NOT_FOUND:
      return {404, "NOT_FOUND", "There is no such resource.", true, false};
    case GANTRY_CONFLICT:
      return {409, "VERSION_CONFLICT", "Somebody else was faster; read again and retry.", false,
              false};
    case GANTRY_UNAVAILABLE:
      return {503, "SERVICE_UNAVAILABLE", "Nothing was done; try again later.", false, true};
    case GANTRY_DEADLINE:
      return {504, "TIMEOUT", "The outcome is unknown; the same request may be sent again.", false,
              false};
    case GANTRY_EXHAUSTED:
      return {503, "OVERLOADED", "The server is busy; try again later.", false, true};
    case GANTRY_DENIED:  // the plugin's own mistake: not granted, or on the wrong thread
    default:
      return {500, "INTERNAL", "The server failed; the failure has been logged.", false, false};
  }
}

}  // namespace gantry::pipeline
