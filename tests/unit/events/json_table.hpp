// The table gantry.json/1 over the host's own parser, for tests of codecs.
#pragma once
#include "core/base/json.hpp"
#include "gantry/guard.hpp"
#include "gantry/json.hpp"

namespace gantry::testing_json {

inline gantry_json table() {
  namespace js = base::json;
  gantry_json table{};
  table.size = sizeof table;
  table.parse = [](void*, gantry_str text, gantry_handle* handle, const gantry_json_node** root,
                   const gantry_sink* why) noexcept -> gantry_rc {
    auto document = std::make_unique<base::JsonDocument>();
    if (!document->parse(from_abi(text))) {
      if (why) why->write(why->self, to_abi(document->error()));
      return static_cast<gantry_rc>(document->code());
    }
    *root = document->root();
    *handle = reinterpret_cast<gantry_handle>(document.release());
    return GANTRY_OK;
  };
  table.free = [](void*, gantry_handle handle) noexcept {
    std::unique_ptr<base::JsonDocument>(reinterpret_cast<base::JsonDocument*>(handle)).reset();
  };
  table.type = [](void*, const gantry_json_node* node) noexcept { return js::type(node); };
  table.member = [](void*, const gantry_json_node* node, gantry_str name) noexcept {
    return js::member(node, from_abi(name));
  };
  table.count = [](void*, const gantry_json_node* node) noexcept { return js::count(node); };
  table.at = [](void*, const gantry_json_node* node, uint32_t i, gantry_str* name) noexcept {
    std::string_view text;
    const gantry_json_node* value = js::at(node, i, &text);
    if (name) *name = to_abi(text);
    return value;
  };
  table.text = [](void*, const gantry_json_node* node, gantry_str* value) noexcept -> gantry_rc {
    const auto text = js::text(node);
    if (text) *value = to_abi(*text);
    return text ? GANTRY_OK : GANTRY_INVALID;
  };
  table.boolean = [](void*, const gantry_json_node* node, uint32_t* value) noexcept -> gantry_rc {
    const auto yes = js::boolean(node);
    if (yes) *value = *yes;
    return yes ? GANTRY_OK : GANTRY_INVALID;
  };
  table.integer = [](void*, const gantry_json_node* node, int64_t* value) noexcept -> gantry_rc {
    const auto number = js::integer(node);
    if (number) *value = *number;
    return number ? GANTRY_OK : GANTRY_INVALID;
  };
  table.number = [](void*, const gantry_json_node* node, double* value) noexcept -> gantry_rc {
    const auto number = js::number(node);
    if (number) *value = *number;
    return number ? GANTRY_OK : GANTRY_INVALID;
  };
  table.write = [](void*, const gantry_json_node* node, const gantry_sink* sink) noexcept {
    std::string out;
    js::write(node, out);
    sink->write(sink->self, to_abi(out));
  };
  return table;
}

// What A::decode makes of what A::encode wrote.
template <class A>
typename A::Event again(const typename A::Event& event) {
  static const gantry_json json = table();
  const NewEvent encoded = A::encode(event);
  const JsonDocument document(json, encoded.data);
  return A::decode(encoded.type, document.root());
}

}  // namespace gantry::testing_json
