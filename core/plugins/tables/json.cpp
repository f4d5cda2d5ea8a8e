#include "core/base/json.hpp"

#include "core/plugins/tables/call.hpp"

// Nodes come from documents of this table, from gantry.config/1 and from request bodies; reading
// them needs no context.
namespace gantry::plugins {
namespace {
namespace json = base::json;

gantry_rc parse(void* self, gantry_str text, gantry_handle* document, const gantry_json_node** root,
                const gantry_sink* why) noexcept {
  return call(self, why, "json.parse", [&](Context& context) -> gantry_rc {
    auto parsed = std::make_shared<base::JsonDocument>(context.ports().json);
    if (!parsed->parse(view(text)))
      return refuse(why, static_cast<gantry_rc>(parsed->code()), parsed->error());
    *root = parsed->root();
    *document = context.documents.add(std::move(parsed));
    if (*document != 0) return GANTRY_OK;
    *root = nullptr;
    return refuse(why, GANTRY_EXHAUSTED, "too many documents are open; free() those you have read");
  });
}

void free_document(void* self, gantry_handle document) noexcept {
  run(self, "json.free", [&](Context& context) { context.documents.take(document); });
}

uint32_t type(void*, const gantry_json_node* node) noexcept { return json::type(node); }
const gantry_json_node* member(void*, const gantry_json_node* object, gantry_str name) noexcept {
  return json::member(object, view(name));
}
uint32_t count(void*, const gantry_json_node* node) noexcept { return json::count(node); }
const gantry_json_node* at(void*, const gantry_json_node* node, uint32_t i,
                           gantry_str* name) noexcept {
  std::string_view text;
  const gantry_json_node* value = json::at(node, i, &text);
  if (name) *name = to_abi(text);
  return value;
}
gantry_rc text(void*, const gantry_json_node* node, gantry_str* value) noexcept {
  const auto read = json::text(node);
  if (!read) return GANTRY_INVALID;
  *value = to_abi(*read);
  return GANTRY_OK;
}
gantry_rc boolean(void*, const gantry_json_node* node, uint32_t* value) noexcept {
  const auto read = json::boolean(node);
  if (!read) return GANTRY_INVALID;
  *value = *read ? 1 : 0;
  return GANTRY_OK;
}
gantry_rc integer(void*, const gantry_json_node* node, int64_t* value) noexcept {
  const auto read = json::integer(node);
  if (!read) return GANTRY_INVALID;
  *value = *read;
  return GANTRY_OK;
}
gantry_rc number(void*, const gantry_json_node* node, double* value) noexcept {
  const auto read = json::number(node);
  if (!read) return GANTRY_INVALID;
  *value = *read;
  return GANTRY_OK;
}
void write(void* self, const gantry_json_node* node, const gantry_sink* sink) noexcept {
  run(self, "json.write", [&](Context&) {
    std::string out;
    json::write(node, out);
    gantry::detail::say(sink, out);
  });
}
}  // namespace

gantry_json json_table(Context& context) {
  return {sizeof(gantry_json),
          &context,
          parse,
          free_document,
          type,
          member,
          count,
          at,
          text,
          boolean,
          integer,
          number,
          write};
}

}  // namespace gantry::plugins
