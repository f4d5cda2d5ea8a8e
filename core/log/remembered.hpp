// log::Remembered: what the log looked like after this process wrote to it last, so that the next
// group need not ask (ADR-0017). It counts only while nobody else has written: whoever relies on it
// compares head() with the log's, and head_id() where the database may be another one. Bounded; one
// thread.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/log/store.hpp"

namespace gantry::log {

class Remembered {
 public:
  // Facts that were read under the log's lock: if somebody else has written, all is forgotten.
  void read(const Facts& facts);
  // What was committed on them, or on what was remembered.
  void wrote(const Changes& changes);
  void forget();

  // Null: something is asked that is not remembered. A stream that was not written to lately is
  // taken for absent, and no command for a known one.
  std::optional<Facts> answers(const Questions& questions, Instant now) const;

  // Null: not written to lately.
  const StreamRow* stream(std::string_view name) const;
  int64_t last_stream_id() const { return last_stream_id_; }
  Position head() const { return head_; }  // 0: nothing is remembered
  const Uuid& head_id() const { return head_id_; }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
  };

  Position head_ = 0;
  Uuid head_id_;
  int64_t last_stream_id_ = 0;
  std::unordered_map<std::string, StreamRow, Hash, std::equal_to<>> streams_;
};

}  // namespace gantry::log
