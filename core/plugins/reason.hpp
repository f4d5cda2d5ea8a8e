// Reason: the `why` sink of the host's calls into plugins. Bounded, and safe to show: what a plugin
// writes may be malformed.
#pragma once
#include <string>
#include <string_view>

#include "core/observe/utf8.hpp"
#include "gantry/abi/base.h"

namespace gantry::plugins {

class Reason {
 public:
  Reason() : sink_{this, &write} { text_.reserve(kBytesMax); }
  Reason(const Reason&) = delete;
  Reason& operator=(const Reason&) = delete;

  const gantry_sink* sink() const { return &sink_; }
  // `fallback` when nothing was written.
  std::string text(std::string_view fallback = "no reason given") const {
    return text_.empty() ? std::string(fallback) : observe::well_formed(text_);
  }

 private:
  static constexpr size_t kBytesMax = 2048;
  // Reserved beforehand, so it cannot throw.
  static void write(void* self, gantry_str bytes) noexcept {
    std::string& text = static_cast<Reason*>(self)->text_;
    if (bytes.data)
      text.append({bytes.data, std::min<size_t>(bytes.size, kBytesMax - text.size())});
  }
  std::string text_;
  gantry_sink sink_;
};

}  // namespace gantry::plugins
