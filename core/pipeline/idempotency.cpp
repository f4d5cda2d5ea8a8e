#include "core/pipeline/idempotency.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::pipeline {
namespace {

// uuid5(nil, "gantry.idempotency"): fixed for ever, stored command ids depend on it.
const Uuid kCommandSpace = uuid5(Uuid(), "gantry.idempotency");

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    check(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  Sha256& add(std::string_view text) {
    check(EVP_DigestUpdate(context_.get(), text.data(), text.size()) == 1);
    return *this;
  }
  std::string finish() {
    std::string out(32, '\0');
    check(EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(out.data()),
                             nullptr) == 1);
    return out;
  }

 private:
  static void check(bool ok) {
    if (!ok) throw Error(Code::kInternal, "SHA-256 failed");
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

std::string hex(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

}  // namespace

std::optional<std::string_view> idempotency_key(std::string_view header) {
  if (header.size() >= 2 && header.front() == '"' && header.back() == '"') {
    header = header.substr(1, header.size() - 2);
    if (header.find_first_of("\"\\") != header.npos) return std::nullopt;
  }
  if (header.empty() || header.size() > 128) return std::nullopt;
  for (const char c : header) {
    if (c <= 0x20 || c >= 0x7F) return std::nullopt;
  }
  return header;
}

std::string idempotency_scope(std::string_view user, std::string_view method,
                              std::string_view route, std::string_view key) {
  Sha256 sha;
  // Each with its length in front: no two lists of parts give the same bytes.
  for (const std::string_view part : {user, method, route, key}) {
    sha.add(join(part.size(), ":")).add(part);
  }
  return sha.finish();
}

std::string idempotency_fingerprint(std::string_view canonical_request) {
  return Sha256().add(canonical_request).finish();
}

Uuid idempotency_command(std::string_view scope) { return uuid5(kCommandSpace, hex(scope)); }

bool is_final_answer(int status, std::string_view problem_code) {
  if (status >= 200 && status < 300) return true;
  if (status < 400 || status >= 500) return false;
  if (status == 400 || status == 401 || status == 403 || status == 429) return false;
  return problem_code != "VALIDATION_FAILED";
}

InFlight::Claim InFlight::claim(const std::string& scope) {
  const std::lock_guard lock(mutex_);
  if (scopes_.count(scope) != 0) return Claim::kTaken;
  if (scopes_.size() >= max_) return Claim::kFull;
  scopes_.insert(scope);
  return Claim::kMine;
}

void InFlight::release(const std::string& scope) {
  const std::lock_guard lock(mutex_);
  scopes_.erase(scope);
}

}  // namespace gantry::pipeline
