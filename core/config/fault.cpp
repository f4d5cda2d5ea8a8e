#include "core/config/fault.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "core/config/quote.hpp"
#include "gantry/text.hpp"

namespace gantry::config {
namespace {

void sort_by_place(std::vector<Fault>& faults) {
  const auto place = [](const Fault& f) {
    return std::tie(f.mark.file, f.mark.line, f.mark.column);
  };
  std::stable_sort(faults.begin(), faults.end(),
                   [&](const Fault& a, const Fault& b) { return place(a) < place(b); });
}

void append(std::vector<Fault>& to, std::vector<Fault>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

bool is_plain_word(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace

void Findings::add(Findings more) {
  append(faults, std::move(more.faults));
  append(warnings, std::move(more.warnings));
}

void Findings::sort() {
  sort_by_place(faults);
  sort_by_place(warnings);
}

std::string to_text(const Fault& fault) {
  std::string out = fault.mark.file;
  if (fault.mark.line > 0) out += join(':', fault.mark.line, ':', fault.mark.column);
  if (!out.empty()) out += ": ";
  if (!fault.path.empty()) out += join(fault.path, ": ");
  return out + fault.message;
}

std::string to_text(const std::vector<Fault>& faults) {
  std::string out;
  for (const auto& fault : faults) out += to_text(fault) + '\n';
  return out;
}

std::string path_of(std::string_view parent, std::string_view key) {
  const std::string name = is_plain_word(key) ? std::string(key) : quoted(key);
  return parent.empty() ? name : join(parent, '.', name);
}

std::string path_of(std::string_view parent, size_t index) { return join(parent, '[', index, ']'); }

}  // namespace gantry::config
