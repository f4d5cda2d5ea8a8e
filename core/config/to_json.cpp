#include "core/config/to_json.hpp"

#include "core/config/quote.hpp"
#include "core/config/scalar.hpp"
#include "gantry/json_writer.hpp"

namespace gantry::config {
namespace {

void write(JsonWriter& json, const Node& node, Secrets secrets) {
  const bool mask = secrets == Secrets::kMasked;
  if (node.failed()) {
    json.null();
    return;
  }
  if (mask && node.secret()) {
    json.value("***");
    return;
  }
  switch (node.kind()) {
    case Kind::kNull:
      json.null();
      break;
    case Kind::kBoolean:
      json.value(*node.boolean());
      break;
    case Kind::kInteger:
      json.value(*node.integer());
      break;
    case Kind::kNumber:
      json.raw(number_text(*node.number()));
      break;
    case Kind::kString:
      json.value(mask ? redacted(*node.text()) : std::string(*node.text()));
      break;
    case Kind::kArray:
      json.array();
      for (const auto& item : node.items()) write(json, item, secrets);
      json.end();
      break;
    case Kind::kObject:
      json.object();
      for (const auto& member : node.members()) {
        json.key(member.key);
        write(json, member.value, secrets);
      }
      json.end();
      break;
  }
}

}  // namespace

std::string to_json(const Node& node, Secrets secrets) {
  JsonWriter json;
  write(json, node, secrets);
  return json.text();
}

}  // namespace gantry::config
