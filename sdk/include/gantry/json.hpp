// Json: a cursor into JSON that the host has parsed. JsonDocument: parses a text through the host.
// Reading is strict: asking a value for a type it does not have throws Error{kInvalid}.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gantry/abi/json.h"
#include "gantry/guard.hpp"
#include "gantry/instant.hpp"
#include "gantry/uuid.hpp"

namespace gantry {

class Json {
 public:
  Json() = default;
  Json(const gantry_json* table, const gantry_json_node* node) : table_(table), node_(node) {}

  // False when there is no such member; null is a value.
  explicit operator bool() const { return node_ != nullptr; }
  bool is_null() const { return node_ && type() == GANTRY_JSON_NULL; }
  bool is_object() const { return node_ && type() == GANTRY_JSON_OBJECT; }
  bool is_array() const { return node_ && type() == GANTRY_JSON_ARRAY; }
  bool is_text() const { return node_ && type() == GANTRY_JSON_STRING; }

  Json operator[](std::string_view name) const {
    return {table_, node_ ? table_->member(table_->self, node_, to_abi(name)) : nullptr};
  }
  Json at(uint32_t index) const {
    return {table_, table_->at(table_->self, node_, index, nullptr)};
  }
  uint32_t size() const { return node_ ? table_->count(table_->self, node_) : 0; }

  template <class F>  // f(Json element)
  void each(F&& f) const {
    for (uint32_t i = 0, n = size(); i < n; ++i) f(at(i));
  }
  template <class F>  // f(std::string_view name, Json value)
  void each_member(F&& f) const {
    for (uint32_t i = 0, n = size(); i < n; ++i) {
      gantry_str name{};
      const gantry_json_node* value = table_->at(table_->self, node_, i, &name);
      f(from_abi(name), Json{table_, value});
    }
  }

  std::string_view text() const {
    gantry_str value{};
    expect(node_ && table_->text(table_->self, node_, &value) == GANTRY_OK, "a string");
    return from_abi(value);
  }
  int64_t integer() const {
    int64_t value = 0;
    expect(node_ && table_->integer(table_->self, node_, &value) == GANTRY_OK, "an integer");
    return value;
  }
  double number() const {
    double value = 0;
    expect(node_ && table_->number(table_->self, node_, &value) == GANTRY_OK, "a number");
    return value;
  }
  bool boolean() const {
    uint32_t value = 0;
    expect(node_ && table_->boolean(table_->self, node_, &value) == GANTRY_OK, "true or false");
    return value != 0;
  }
  Uuid uuid() const {
    const auto id = Uuid::parse(text());
    expect(id.has_value(), "a UUID");
    return *id;
  }
  Instant instant() const {
    const auto at = Instant::parse(text());
    expect(at.has_value(), "an RFC 3339 time");
    return *at;
  }

  std::string_view text_or(std::string_view fallback) const { return has() ? text() : fallback; }
  int64_t integer_or(int64_t fallback) const { return has() ? integer() : fallback; }
  bool boolean_or(bool fallback) const { return has() ? boolean() : fallback; }
  std::optional<Instant> instant_if() const {
    return has() ? std::optional(instant()) : std::nullopt;
  }

  std::string dump() const {
    TextSink out;
    table_->write(table_->self, node_, out.abi());
    return out.take();
  }

 private:
  bool has() const { return node_ && !is_null(); }
  uint32_t type() const { return table_->type(table_->self, node_); }
  static void expect(bool yes, const char* what) {
    if (!yes) throw Error(Code::kInvalid, join("JSON value is not ", what));
  }
  const gantry_json* table_ = nullptr;
  const gantry_json_node* node_ = nullptr;
};

class JsonDocument {
 public:
  // throws  Error{kInvalid}    not JSON
  //         Error{kExhausted}  beyond the bounds of the `json` section
  JsonDocument(const gantry_json& table, std::string_view text) : table_(&table) {
    TextSink why;
    check(table.parse(table.self, to_abi(text), &handle_, &root_, why.abi()), why);
  }
  ~JsonDocument() { table_->free(table_->self, handle_); }
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  Json root() const { return {table_, root_}; }
  Json operator[](std::string_view name) const { return root()[name]; }

 private:
  const gantry_json* table_;
  gantry_handle handle_ = 0;
  const gantry_json_node* root_ = nullptr;
};

}  // namespace gantry
