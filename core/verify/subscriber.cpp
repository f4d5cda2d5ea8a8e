#include "core/verify/subscriber.hpp"

#include <charconv>

#include "core/verify/database.hpp"

namespace gantry::verify {
namespace {

int64_t number_in(std::string_view text, const std::string& name) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw CannotRead(name + ": '" + std::string(text) + "' is no position");
  return number;
}

}  // namespace

void check_subscriber(std::istream& lines, const std::string& name, int64_t head, Report& report) {
  constexpr std::string_view kFrom = "from ";
  int64_t expected = 1, seen = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kFrom)) {
      expected = number_in(std::string_view(line).substr(kFrom.size()), name);
      continue;
    }
    const int64_t position = number_in(line, name);
    ++seen;
    if (position != expected)
      report.broken(Invariant::prefix, position,
                    name + ": came where " + std::to_string(expected) + " was due");
    if (position > head)
      report.broken(Invariant::prefix, position,
                    name + ": the log ends at " + std::to_string(head));
    expected = position + 1;
  }
  report.checked(Invariant::prefix, seen, "positions");
}

}  // namespace gantry::verify
