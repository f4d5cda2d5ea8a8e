// PageTokens: opaque, signed cursors for keyset paging. A token is bound to a scope (the user and
// the filter), so that it neither leaks another user's list nor survives a changed filter.
#pragma once
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "gantry/http.hpp"
#include "gantry/sha256.hpp"
#include "gantry/sql.hpp"

namespace gantry {

class PageTokens {
 public:
  explicit PageTokens(std::string_view key) : key_(key) {}

  // The key that `table` keeps in its only row, made with the first call: all instances that share
  // the database read each other's tokens. Columns: id INTEGER PRIMARY KEY, page_key BLOB. [setup]
  static PageTokens kept_in(const Host& host, std::string_view database, std::string_view table) {
    std::array<uint8_t, 32> fresh;
    host.random(fresh);
    const std::string_view bytes(reinterpret_cast<const char*>(fresh.data()), fresh.size());
    const Session session = Session::writing(host, database);
    session.begin();
    session.run(join("INSERT INTO ", table, " (id, page_key) VALUES (1, ?) ON CONFLICT DO NOTHING"),
                {SqlValue::blob(bytes)});
    std::string kept;
    session.first(join("SELECT page_key FROM ", table, " WHERE id = 1"), {},
                  [&](const SqlRow& row) { kept = row.text(0); });
    session.commit();
    return PageTokens(kept);
  }

  std::string seal(std::string_view scope, std::string_view cursor) const {
    return base64url(join(signature(scope, cursor), cursor));
  }
  // The cursor, or nullopt: not one of ours, or of another scope.
  std::optional<std::string> open(std::string_view scope, std::string_view token) const {
    const auto bytes = from_base64url(token);
    if (!bytes || bytes->size() < kSignatureBytes) return std::nullopt;
    const std::string cursor = bytes->substr(kSignatureBytes);
    if (!same_bytes(bytes->substr(0, kSignatureBytes), signature(scope, cursor)))
      return std::nullopt;
    return cursor;
  }

 private:
  static constexpr size_t kSignatureBytes = 16;
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  std::string signature(std::string_view scope, std::string_view cursor) const {
    const auto digest = hmac_sha256(key_, join(scope.size(), ':', scope, cursor));
    return std::string(as_text(digest).substr(0, kSignatureBytes));
  }

  static std::string base64url(std::string_view bytes) {
    std::string out;
    uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
      bits = bits << 8 | static_cast<unsigned char>(c);
      for (count += 8; count >= 6; count -= 6) out += kAlphabet[bits >> (count - 6) & 63];
    }
    if (count > 0) out += kAlphabet[bits << (6 - count) & 63];
    return out;
  }
  static std::optional<std::string> from_base64url(std::string_view text) {
    std::string out;
    uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
      const size_t digit = kAlphabet.find(c);
      if (digit == kAlphabet.npos) return std::nullopt;
      bits = bits << 6 | static_cast<uint32_t>(digit);
      count += 6;
      if (count >= 8) out += static_cast<char>(bits >> (count -= 8) & 255);
    }
    return out;
  }

  std::string key_;
};

// What a list request asks for. throws Problem 422 for a page_size beyond 1..100 or a token that is
// not ours.
struct Page {
  uint32_t size = 20;
  std::string cursor;  // empty: the first page

  static Page of(const Request& request, const PageTokens& tokens, std::string_view scope) {
    Page page;
    if (const auto size = request.query("page_size")) {
      page.size = 0;
      const auto [end, error] =
          std::from_chars(size->data(), size->data() + size->size(), page.size);
      if (error != std::errc() || end != size->data() + size->size() || page.size < 1 ||
          page.size > 100)
        throw Problem(
            Response::invalid_query("page_size", "OUT_OF_RANGE", "page_size is a number 1..100"));
    }
    if (const auto token = request.query("page_token"); token && !token->empty()) {
      const auto cursor = tokens.open(scope, *token);
      if (!cursor)
        throw Problem(Response::invalid_query("page_token", "INVALID",
                                              "page_token is not from a list with this filter"));
      page.cursor = *cursor;
    }
    return page;
  }
};

}  // namespace gantry
