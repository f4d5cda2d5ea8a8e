// From a parsed value back to text, and values against each other. Recursion is as deep as the
// document, which JsonBounds::depth_max limits.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "core/base/json.hpp"
#include "gantry/json_writer.hpp"

namespace gantry::base::json {
namespace {

// Shortest text that reads back as the same double, and as a double.
std::string double_text(double value) {
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string out(buffer.data(), end);
  if (out.find_first_of(".e") == out.npos) out += ".0";
  return out;
}

using Member = std::pair<std::string_view, const gantry_json_node*>;
std::vector<Member> members_of(const gantry_json_node* object, bool sorted) {
  std::vector<Member> members(count(object));
  for (uint32_t i = 0; i < members.size(); ++i)
    members[i].second = at(object, i, &members[i].first);
  if (sorted) std::sort(members.begin(), members.end());
  return members;
}

void put(JsonWriter& out, const gantry_json_node* node, bool sorted) {
  switch (type(node)) {
    case GANTRY_JSON_BOOL:
      out.value(*boolean(node));
      break;
    case GANTRY_JSON_STRING:
      out.value(*text(node));
      break;
    case GANTRY_JSON_NUMBER:
      if (const auto whole = integer(node))
        out.value(*whole);
      else
        out.raw(double_text(*number(node)));
      break;
    case GANTRY_JSON_ARRAY:
      out.array();
      for (uint32_t i = 0; i < count(node); ++i) put(out, at(node, i), sorted);
      out.end();
      break;
    case GANTRY_JSON_OBJECT:
      out.object();
      for (const auto& [name, value] : members_of(node, sorted)) put(out.key(name), value, sorted);
      out.end();
      break;
    default:
      out.null();
  }
}

void append(const gantry_json_node* node, std::string& out, bool sorted) {
  JsonWriter writer;
  put(writer, node, sorted);
  out += writer.text();
}

}  // namespace

void write(const gantry_json_node* node, std::string& out) { append(node, out, false); }
void write_canonical(const gantry_json_node* node, std::string& out) { append(node, out, true); }

bool equal(const gantry_json_node* a, const gantry_json_node* b) {
  if (type(a) != type(b) || count(a) != count(b)) return false;
  switch (type(a)) {
    case GANTRY_JSON_BOOL:
      return boolean(a) == boolean(b);
    case GANTRY_JSON_STRING:
      return text(a) == text(b);
    case GANTRY_JSON_NUMBER: {
      const auto x = integer(a), y = integer(b);
      return x && y ? *x == *y : *number(a) == *number(b);
    }
    case GANTRY_JSON_ARRAY:
      for (uint32_t i = 0; i < count(a); ++i) {
        if (!equal(at(a, i), at(b, i))) return false;
      }
      return true;
    case GANTRY_JSON_OBJECT: {
      const auto x = members_of(a, true), y = members_of(b, true);
      for (size_t i = 0; i < x.size(); ++i) {
        if (x[i].first != y[i].first || !equal(x[i].second, y[i].second)) return false;
      }
      return true;
    }
    default:
      return true;
  }
}

}  // namespace gantry::base::json
