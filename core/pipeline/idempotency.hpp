// Idempotency: one Idempotency-Key, one effect. Names of what is stored, and who is under way here.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "core/log/log.hpp"
#include "core/pipeline/exchange.hpp"
#include "gantry/uuid.hpp"

namespace gantry::pipeline {

struct IdempotencyOptions {
  uint32_t keep_hours = 168;
  uint32_t answer_bytes_max = 262144;  // headers and body; a larger answer is not stored
  uint32_t in_flight_max = 65536;      // keys under way on this instance
};

// The key inside the header value: 1..128 visible ASCII, with or without quotes; nullopt otherwise.
std::optional<std::string_view> idempotency_key(std::string_view header);

// SHA-256 of user, method, route template and key; 32 bytes.
std::string idempotency_scope(std::string_view user, std::string_view method,
                              std::string_view route, std::string_view key);
// SHA-256; 32 bytes.
std::string idempotency_fingerprint(std::string_view canonical_request);
// The command id that every attempt under this scope has.
Uuid idempotency_command(std::string_view scope);

// True for answers that are decided and stay: 2xx, 402 and 4xx of a handler; not 400, 401, 403,
// 429, 5xx, nor a body that failed validation.
bool is_final_answer(int status, std::string_view problem_code);

// Scopes under way on this instance.  [any]
class InFlight {
 public:
  explicit InFlight(uint32_t max) : max_(max) {}

  enum class Claim : uint8_t { kMine, kTaken, kFull };
  Claim claim(const std::string& scope);
  void release(const std::string& scope);

 private:
  const uint32_t max_;
  std::mutex mutex_;
  std::unordered_set<std::string> scopes_;  // guarded by mutex_
};

}  // namespace gantry::pipeline
