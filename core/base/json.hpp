// JsonDocument: one parsed JSON text (RFC 8259), and the functions that read its values. Strict:
// UTF-8 only, no duplicate members, the whole text, bounds on everything. The parser's own types
// stay in json.cpp; a value is the opaque gantry_json_node of the SDK.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gantry/abi/json.h"
#include "gantry/error.hpp"

namespace gantry::base {

struct JsonBounds {
  uint32_t depth_max = 32;             // arrays and objects inside each other
  uint32_t members_max = 10000;        // members and elements of the whole text
  uint32_t string_bytes_max = 262144;  // of one string or name, after unescaping
};

class JsonDocument {
 public:
  explicit JsonDocument(JsonBounds bounds = {});
  ~JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;

  // Parses a copy of `text`; nodes of the text before are void. Memory is kept for the next text.
  //   returns  false: root() is null, code() and error() say why
  bool parse(std::string_view text);
  // Forgets the text and gives large memory back.
  void clear();

  const gantry_json_node* root() const { return root_; }
  Code code() const { return code_; }  // kInvalid: not JSON; kExhausted: beyond a bound
  // One sentence with the byte offset: "Expected a comma or } at byte 17."
  const std::string& error() const { return error_; }

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
  const gantry_json_node* root_ = nullptr;
  Code code_ = Code::kOk;
  std::string error_;
  JsonBounds bounds_;
};

// Reading a node; each takes null as a value of no type. Nodes live as long as their document.
namespace json {

uint32_t type(const gantry_json_node* node);  // GANTRY_JSON_*; null pointer: GANTRY_JSON_NULL
// Value of that member of an object; null when it has none or is no object.
const gantry_json_node* member(const gantry_json_node* object, std::string_view name);
uint32_t count(const gantry_json_node* array_or_object);  // 0 for anything else
// Element i of an array or value i of an object in text order; null beyond the end. `name` may be
// null; it is set for objects only.
const gantry_json_node* at(const gantry_json_node* array_or_object, uint32_t i,
                           std::string_view* name = nullptr);
std::optional<std::string_view> text(const gantry_json_node* node);
std::optional<bool> boolean(const gantry_json_node* node);
// Written without fraction and exponent, and within int64: 1.0 is not an integer here, so that
// nothing that went through floating point passes for an amount of money.
std::optional<int64_t> integer(const gantry_json_node* node);
std::optional<double> number(const gantry_json_node* node);
// Written without fraction and exponent, of whatever size.
bool is_whole(const gantry_json_node* node);

// JSON text without white space; members in text order.
void write(const gantry_json_node* node, std::string& out);
// The same with members sorted by name: equal values give equal bytes.
void write_canonical(const gantry_json_node* node, std::string& out);
// Same JSON value; members in any order.
bool equal(const gantry_json_node* a, const gantry_json_node* b);

}  // namespace json
}  // namespace gantry::base
