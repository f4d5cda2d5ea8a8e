#include "core/verify/time_text.hpp"

#include <ctime>
#include <string>

namespace gantry::verify {

std::optional<int64_t> time_in(std::string_view text) {
  std::tm parts{};
  const std::string copy(text);
  const char* rest = ::strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return std::nullopt;
  int64_t micros = 0;
  if (*rest == '.') {
    int64_t unit = 100'000;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, unit /= 10) micros += (*rest - '0') * unit;
  }
  if (std::string_view(rest) != "Z") return std::nullopt;
  return int64_t{::timegm(&parts)} * 1'000'000 + micros;
}

}  // namespace gantry::verify
