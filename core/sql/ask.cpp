#include "core/sql/ask.hpp"

#include <utility>

namespace gantry::sql {
namespace {

// The bytes of a text or blob; null of all else.
std::string_view* bytes_in(Value& value) {
  if (auto* text = std::get_if<std::string_view>(&value)) return text;
  auto* blob = std::get_if<Blob>(&value);
  return blob == nullptr ? nullptr : &blob->bytes;
}

}  // namespace

Ask::Ask(std::string_view statement, const Values& values, int64_t due_ns, Answered done)
    : statement_(statement), values_(values), due_ns_(due_ns), done_(std::move(done)) {
  size_t size = 0;
  for (Value& value : values_) {
    if (const auto* bytes = bytes_in(value)) size += bytes->size();
  }
  bytes_.reserve(size);  // the views point into it
  for (Value& value : values_) {
    auto* bytes = bytes_in(value);
    if (bytes == nullptr) continue;
    const size_t at = bytes_.size();
    bytes_.append(*bytes);
    *bytes = std::string_view(bytes_).substr(at, bytes->size());
  }
}

Ask::~Ask() { refuse(Code::kUnavailable, "the server stops"); }

void Ask::answer(const Answer& answer) noexcept {
  if (const Answered done = std::exchange(done_, nullptr)) done(answer);
}

}  // namespace gantry::sql
