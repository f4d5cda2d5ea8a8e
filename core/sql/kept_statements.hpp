// sql::KeptStatements: the prepared statements of one session by their text, bounded; the one not
// used for longest goes first. What a statement is, the engine says.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace gantry::sql {

// Statement: movable. One thread at a time, that of the session.
template <class Statement>
class KeptStatements {
 public:
  // Takes the statement out; nothing when it must be prepared: it is not there, or it runs at this
  // moment, for a callback may run the same text on the same session.
  std::optional<Statement> take(std::string_view text) {
    const auto found = kept_.find(text);
    if (found == kept_.end() || found->second.used == 0) return std::nullopt;
    found->second.used = 0;  // taken; the node stays so that a steady caller allocates nothing
    return std::move(found->second.statement);
  }

  // Puts it (back) in. Returns the one that had to go for it, if any.
  std::optional<Statement> keep(std::string_view text, Statement statement) {
    std::optional<Statement> gone;
    const auto found = kept_.find(text);
    if (found != kept_.end()) {
      if (found->second.used != 0) gone = std::move(found->second.statement);
      found->second = {std::move(statement), ++uses_};
      return gone;
    }
    if (kept_.size() >= kKeptMax) {
      const auto oldest = std::min_element(
          kept_.begin(), kept_.end(),
          [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
      if (oldest->second.used != 0) gone = std::move(oldest->second.statement);
      kept_.erase(oldest);
    }
    kept_.emplace(std::string(text), Kept{std::move(statement), ++uses_});
    return gone;
  }

  // A taken one that does not come back.
  void forget(std::string_view text) {
    const auto found = kept_.find(text);
    if (found != kept_.end() && found->second.used == 0) kept_.erase(found);
  }

 private:
  static constexpr size_t kKeptMax = 256;
  struct Kept {
    Statement statement;
    uint64_t used;  // 0: taken out
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, Kept, Hash, std::equal_to<>> kept_;
  uint64_t uses_ = 0;
};

}  // namespace gantry::sql
