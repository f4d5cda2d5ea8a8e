#include "core/pipeline/etag.hpp"

namespace gantry::pipeline {
namespace {

std::string_view opaque(std::string_view tag) {
  if (tag.substr(0, 2) == "W/") tag.remove_prefix(2);
  return tag;
}

}  // namespace

bool none_match_hits(std::string_view list, std::string_view etag) {
  if (list == "*") return true;
  const std::string_view wanted = opaque(etag);
  // A tag may hold commas, so the list is read quote by quote.
  while (true) {
    const size_t open = list.find('"');
    if (open == list.npos) return false;
    const size_t close = list.find('"', open + 1);
    if (close == list.npos) return false;
    if (list.substr(open, close - open + 1) == wanted) return true;
    list.remove_prefix(close + 1);
  }
}

}  // namespace gantry::pipeline
