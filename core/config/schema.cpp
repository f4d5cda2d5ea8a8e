#include "core/config/schema.hpp"

#include <utility>

#include "core/config/defaults.hpp"
#include "core/config/json_reader.hpp"
#include "core/config/schema_reader.hpp"
#include "core/config/validate.hpp"

namespace gantry::config {
namespace {

// A default must itself be valid once its own defaults are filled in, or the effective tree would
// not be.
void check_defaults(const std::vector<std::unique_ptr<Rule>>& rules, std::vector<Fault>& faults) {
  for (const auto& rule : rules) {
    if (!rule->fallback) continue;
    if (!defaults_end(*rule)) {
      faults.push_back({rule->fallback->mark(), "", "this default contains itself without end"});
      return;
    }
    Findings findings = validate(apply_defaults(*rule->fallback, *rule), *rule);
    for (auto& fault : findings.faults) {
      fault.mark = rule->fallback->mark();
      fault.message = "the default breaks its own rule: " + fault.message;
      faults.push_back(std::move(fault));
    }
  }
}

}  // namespace

Result<Schema, std::vector<Fault>> Schema::parse(std::string_view json, std::string_view name) {
  const auto document = read_json(json, name);
  if (!document.ok()) return Refused{std::vector<Fault>{document.reason()}};
  std::vector<Fault> faults;
  auto rules = SchemaReader(faults).read(*document);
  if (faults.empty()) check_defaults(rules, faults);
  if (!faults.empty()) return Refused{std::move(faults)};
  return Schema(std::move(rules));
}

const Rule* Schema::find(std::string_view path) const {
  const Rule* at = &root();
  while (true) {
    const auto dot = path.find('.');
    const auto key = path.substr(0, dot);
    while (at->ref && !at->property(key) && !at->additional) at = at->ref;
    const Rule* next = at->property(key);
    at = next ? next : at->additional;
    if (!at || dot == std::string_view::npos) return at;
    path.remove_prefix(dot + 1);
  }
}

}  // namespace gantry::config
