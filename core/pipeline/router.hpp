// Router: from method and path to a route. A trie over path segments, built once, then only read.
//
// Patterns: "/api/events/{id:uuid}/sections/{section}"; types uuid, int, text (default, one
// non-empty segment). At each segment a literal wins over uuid over int over text; a parameter that
// does not parse does not match. A trailing slash makes another path.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/abi/base.h"

namespace gantry::pipeline {

enum class Method : uint8_t { kGet, kPost, kPut, kPatch, kDelete };
constexpr size_t kMethods = 5;
std::optional<Method> method_of(std::string_view name);  // HEAD is not one: it is answered by GET
// "GET, HEAD, POST, OPTIONS" for a set with bit 1 << method.
std::string allow_text(uint8_t methods);

constexpr size_t kParamsMax = 8;

struct Found {
  enum class Kind : uint8_t { kRoute, kNoMethod, kNoPath, kBadEncoding };
  Kind kind = Kind::kNoPath;
  uint32_t target = 0;  // kRoute: as given to add()
  uint8_t methods = 0;  // kRoute, kNoMethod: bit 1 << method, of all routes of that path
  uint32_t param_count = 0;
  std::array<gantry_str, kParamsMax> params{};  // percent-decoded, in the order of the pattern
};

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  struct Refusal {
    std::string reason;                // one sentence
    std::optional<uint32_t> conflict;  // target that has the same method and path already
  };
  // Adds one route; nullopt when done.
  std::optional<Refusal> add(std::string_view method, std::string_view pattern, uint32_t target);

  // Looks up a path as sent. Allocates from `arena` only for segments that hold a percent sign.
  // `method` nullopt (OPTIONS, others): kNoMethod when the path is known.  [any]
  Found find(std::optional<Method> method, std::string_view path,
             std::pmr::memory_resource& arena) const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace gantry::pipeline
