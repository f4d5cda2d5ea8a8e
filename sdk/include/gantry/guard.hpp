// The one place where exceptions end: every function a plugin hands to the host runs inside
// guarded(). Also the small conversions between C++ and what crosses the boundary. Source:
// ADR-0013.
#pragma once
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "gantry/abi/base.h"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry {

inline gantry_str to_abi(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view from_abi(gantry_str text) {
  return {text.data, static_cast<size_t>(text.size)};
}

// A sink that collects into a string; must outlive the call it is given to.
class TextSink {
 public:
  TextSink() : sink_{this, &write} {}
  TextSink(const TextSink&) = delete;
  TextSink& operator=(const TextSink&) = delete;
  const gantry_sink* abi() const { return &sink_; }
  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  static void write(void* self, gantry_str bytes) noexcept {
    static_cast<TextSink*>(self)->text_.append(from_abi(bytes));
  }
  std::string text_;
  gantry_sink sink_;
};

// Throws what a host function answered; nothing for GANTRY_OK.
inline void check(gantry_rc rc, TextSink& why) {
  if (rc != GANTRY_OK) throw Error(static_cast<Code>(rc), why.take());
}
inline void check(gantry_rc rc, std::string_view what) {
  if (rc != GANTRY_OK) throw Error(static_cast<Code>(rc), std::string(what));
}

namespace detail {
inline void say(const gantry_sink* why, std::string_view text) noexcept {
  if (why && why->write) why->write(why->self, to_abi(text));
}
// What the exception under way means; call inside a catch block only.
template <class Report>
gantry_rc report_current(Report&& report) noexcept {
  try {
    throw;
  } catch (const Error& error) {
    report(std::string_view(error.detail()));
    return static_cast<gantry_rc>(error.code());
  } catch (const std::exception& error) {
    report(std::string_view(error.what()));
    return GANTRY_INTERNAL;
  } catch (...) {
    report(std::string_view("an exception of unknown type"));
    return GANTRY_INTERNAL;
  }
}
}  // namespace detail

template <class F>
gantry_rc guarded(const gantry_sink* why, F&& body) noexcept {
  try {
    body();
    return GANTRY_OK;
  } catch (...) {
    return detail::report_current([&](std::string_view text) { detail::say(why, text); });
  }
}

}  // namespace gantry
