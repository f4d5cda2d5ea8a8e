// JsonSchema: checks a JSON value against a schema and tells every fault with its exact place.
//
// An own walker, not valijson: valijson 1.0 reports a failed `additionalProperties` or `required`
// at the object ("<root>[a]", prose only) while the contract asks for an RFC 6901 pointer to the
// very member and a stable code. Only the keywords below are taken; any other is refused when
// compiling, so a schema never promises a check that is not made.
//
//   type properties required additionalProperties(boolean or schema) items enum const pattern
//   format minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength (code points)
//   minItems maxItems uniqueItems minProperties maxProperties anyOf oneOf $ref(local) $defs
//   annotations, not checked: title description default examples deprecated readOnly writeOnly
//   $schema $id $comment and x-…
//   formats: uuid date-time date email
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.hpp"
#include "gantry/abi/json.h"

namespace gantry::base {

struct JsonFault {
  std::string pointer;  // RFC 6901, "" is the whole document
  std::string code;     // UPPER_SNAKE, see below
  std::string detail;   // one sentence
};

// Codes: REQUIRED (pointer to the absent member), UNKNOWN_MEMBER (pointer to it), WRONG_TYPE,
// OUT_OF_RANGE, TOO_SHORT, TOO_LONG, TOO_FEW, TOO_MANY, NOT_UNIQUE, NOT_ALLOWED (enum, const),
// PATTERN, FORMAT, NO_MATCH (anyOf, oneOf).
class JsonSchema {
 public:
  // Compiles a schema text.
  //   throws  Invalid  not JSON, an unknown keyword, a keyword with a value it cannot have; the
  //                    sentence names the place
  explicit JsonSchema(std::string_view text);
  ~JsonSchema();
  JsonSchema(JsonSchema&&) noexcept;
  JsonSchema& operator=(JsonSchema&&) noexcept;

  // All faults in text order, at most `faults_max`; empty when the value is valid.  [any]
  std::vector<JsonFault> validate(const gantry_json_node* value, uint32_t faults_max = 100) const;

  struct Node;

 private:
  std::unique_ptr<JsonDocument> source_;      // values of enum and const stay in it
  std::vector<std::unique_ptr<Node>> nodes_;  // all of the schema; they point at each other
  const Node* root_ = nullptr;
};

}  // namespace gantry::base
