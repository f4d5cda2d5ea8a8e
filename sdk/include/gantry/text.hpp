// join(...): builds a text from strings, characters and integers. There is no <format> in
// libstdc++ 12.
#pragma once
#include <array>
#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace gantry {
namespace detail {
inline void append(std::string& out, std::string_view text) { out += text; }
inline void append(std::string& out, char c) { out += c; }
template <std::same_as<bool> T>  // a template, or string literals would convert to bool
void append(std::string& out, T b) {
  out += b ? "true" : "false";
}
template <std::integral T>
requires(!std::same_as<T, char> && !std::same_as<T, bool>) void append(std::string& out, T number) {
  std::array<char, 24> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  out.append(buffer.data(), end);
}
}  // namespace detail

template <class... Parts>
std::string join(const Parts&... parts) {
  std::string out;
  (detail::append(out, parts), ...);
  return out;
}

template <std::integral T>
std::string to_text(T number) {
  return join(number);
}

}  // namespace gantry
