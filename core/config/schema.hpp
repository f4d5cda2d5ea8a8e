// Schema: the JSON Schema of a configuration section, read once and checked itself.
//
// Read by our own code and not by valijson, which is only the second opinion in the tests.
// Valijson's results are a text per failed constraint with the path of the instance, repeated for
// every parent on the way up; they do not say which value or key failed, so neither its place nor
// "did you mean" can be had from them, and it takes keywords it does not know without a word.
//
// Known keywords, everything else is refused when the schema is read:
//   type properties required additionalProperties minProperties maxProperties
//   items minItems maxItems uniqueItems
//   enum const minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength pattern format
//   anyOf oneOf $ref ("#" and "#/$defs/<name>") $defs
//   default description examples $schema $id $comment
//   title: what a pattern wants, in words ("64 hexadecimal digits"), for the faults
//   x-gantry {reload: hot | restart, secret: true, unit: "ms"}
//   x-gantry-retired "what to use instead": a key that only gives a warning
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fault.hpp"
#include "core/config/node.hpp"
#include "core/config/rule.hpp"
#include "gantry/result.hpp"

namespace gantry::config {

class Schema {
 public:
  // Reads `json`; `name` stands for the file in the faults ("schema of plugin payments"). Refuses
  // with all faults: unknown keywords and formats, wrong keyword values, references to nothing or
  // in a circle, required keys that no property allows, defaults that break their own rule.
  static Result<Schema, std::vector<Fault>> parse(std::string_view json, std::string_view name);

  const Rule& root() const { return *rules_.front(); }
  // The rule for "http.listen", or for a name under additionalProperties; null when there is none.
  // Looks through $ref, not into anyOf and oneOf. Gives the reference pages and the reload plan
  // their facts.
  const Rule* find(std::string_view path) const;

 private:
  explicit Schema(std::vector<std::unique_ptr<Rule>> rules) : rules_(std::move(rules)) {}

  std::vector<std::unique_ptr<Rule>> rules_;  // the first is the root; they point to each other
};

}  // namespace gantry::config
