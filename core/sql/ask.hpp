// sql::Ask: one statement that an event loop has asked and that is not answered yet. It owns what
// it was asked with, so that it can be sent again, and it is answered exactly once: at the latest
// when it is destroyed. Loop thread only, but for statement() and values(), which never change.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/sql/session.hpp"
#include "gantry/error.hpp"

namespace gantry::sql {

// What came of it. Valid until the callback returns.
struct Answer {
  Code code = Code::kOk;
  std::string_view detail = {};  // one sentence, unless kOk
  size_t columns = 0;
  std::span<const Value> cells = {};  // row by row
};

// Must not throw.
using Answered = std::function<void(const Answer&)>;

class Ask {
 public:
  Ask(std::string_view statement, const Values& values, int64_t due_ns, Answered done);
  ~Ask();                    // Unavailable, if it was not answered
  Ask(const Ask&) = delete;  // values() point into it
  Ask& operator=(const Ask&) = delete;

  const std::string& statement() const { return statement_; }
  const Values& values() const { return values_; }
  int64_t due_ns() const { return due_ns_; }  // monotonic: nobody waits any longer

  // How often it was sent.
  uint32_t sent = 0;

  // Calls back; only the first time.
  void answer(const Answer& answer) noexcept;
  // It will not be answered: whoever asked is told in another way.
  void drop() noexcept { done_ = nullptr; }
  void refuse(Code code, std::string_view detail) noexcept { answer({code, detail}); }

 private:
  const std::string statement_;
  Values values_;
  std::string bytes_;  // of texts and blobs
  const int64_t due_ns_;
  Answered done_;
};

using AskPtr = std::unique_ptr<Ask>;

}  // namespace gantry::sql
