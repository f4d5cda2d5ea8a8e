#include "core/base/json.hpp"

#include <rapidjson/document.h>
#include <rapidjson/error/error.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/utf8.hpp"
#include "gantry/text.hpp"

namespace gantry::base {
namespace {

using Pool = rapidjson::MemoryPoolAllocator<>;
using Document = rapidjson::GenericDocument<rapidjson::UTF8<>, Pool>;
constexpr size_t kPoolBytes = 4096;           // part of the document; enough for most bodies
constexpr size_t kTextBytesKept = 64 * 1024;  // capacity that survives clear()
// Iterative: depth of the text never becomes depth of the stack.
constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                            rapidjson::kParseFullPrecisionFlag;

std::string_view expected_at(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "Expected a value, found nothing";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "Expected the end of the text";
    case rapidjson::kParseErrorObjectMissName:
      return "Expected a member name in quotes";
    case rapidjson::kParseErrorObjectMissColon:
      return "Expected a colon";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "Expected a comma or }";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "Expected a comma or ]";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return "Expected four hex digits";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "Lone surrogate in a string";
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "Unknown escape or control character";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "String without its closing quote";
    case rapidjson::kParseErrorNumberTooBig:
      return "Number too large";
    case rapidjson::kParseErrorNumberMissFraction:
      return "Expected digits after the point";
    case rapidjson::kParseErrorNumberMissExponent:
      return "Expected digits of the exponent";
    default:
      return "Expected a value";
  }
}

// Passes what the reader finds on to the document, and stops at a bound or a duplicate name.
class Checked {
 public:
  Checked(Document& document, const JsonBounds& bounds, const char* begin)
      : document_(document), bounds_(bounds), begin_(begin) {}

  Code code = Code::kInvalid;
  std::string_view reason;       // empty: the reader itself stopped
  std::optional<size_t> offset;  // of `reason`, when it is not where the reader stopped

  bool Null() { return member() && document_.Null(); }
  bool Bool(bool b) { return member() && document_.Bool(b); }
  bool Int(int i) { return member() && document_.Int(i); }
  bool Uint(unsigned i) { return member() && document_.Uint(i); }
  bool Int64(int64_t i) { return member() && document_.Int64(i); }
  bool Uint64(uint64_t i) { return member() && document_.Uint64(i); }
  bool Double(double d) { return member() && document_.Double(d); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }  // flag not set
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return member() && string(text, size) && document_.String(text, size, false);
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    names_.emplace_back(text, size);
    return string(text, size) && document_.Key(text, size, false);
  }
  bool StartObject() { return member() && opens() && document_.StartObject(); }
  bool StartArray() { return member() && opens() && document_.StartArray(); }
  bool EndObject(rapidjson::SizeType members) {
    --depth_;
    const auto first = names_.end() - static_cast<std::ptrdiff_t>(members);
    std::sort(first, names_.end());
    const auto twice = std::adjacent_find(first, names_.end());
    if (twice != names_.end()) {
      offset = static_cast<size_t>(std::max(twice[0].data(), twice[1].data()) - begin_);
      return stop(Code::kInvalid, "Member name used twice");
    }
    names_.erase(first, names_.end());
    return document_.EndObject(members);
  }
  bool EndArray(rapidjson::SizeType elements) {
    --depth_;
    return document_.EndArray(elements);
  }

 private:
  bool stop(Code why, std::string_view sentence) {
    code = why;
    reason = sentence;
    return false;
  }
  bool opens() {
    return ++depth_ <= bounds_.depth_max || stop(Code::kExhausted, "Nested too deeply");
  }
  bool member() {  // the root counts as one, too
    return members_++ <= bounds_.members_max ||
           stop(Code::kExhausted, "Too many members and elements");
  }
  bool string(const char* text, size_t size) {
    if (size > bounds_.string_bytes_max) return stop(Code::kExhausted, "String too long");
    // The text was checked as UTF-8, so only an escaped lone low surrogate can be malformed here.
    const std::string_view view(text, size);
    for (size_t at = view.find('\xED'); at != view.npos; at = view.find('\xED', at + 1)) {
      if (static_cast<unsigned char>(view[at + 1]) > 0x9F)
        return stop(Code::kInvalid, "Lone surrogate in a string");
    }
    return true;
  }

  Document& document_;
  const JsonBounds& bounds_;
  const char* begin_;
  uint32_t depth_ = 0;
  uint32_t members_ = 0;
  std::vector<std::string_view> names_;  // of all objects that are open, innermost last
};

const rapidjson::Value& value_of(const gantry_json_node* node) {
  return *reinterpret_cast<const rapidjson::Value*>(node);
}
const gantry_json_node* node_of(const rapidjson::Value& value) {
  return reinterpret_cast<const gantry_json_node*>(&value);
}

}  // namespace

struct JsonDocument::Parsed {
  alignas(std::max_align_t) char first[kPoolBytes];
  Pool pool{first, sizeof first};
  Document document{&pool};
  rapidjson::Reader reader;
  std::string text;  // strings of the document point into it
};

JsonDocument::JsonDocument(JsonBounds bounds) : bounds_(bounds) {}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

bool JsonDocument::parse(std::string_view text) {
  clear();
  if (const size_t at = first_malformed(text); at != text.npos) {
    code_ = Code::kInvalid;
    error_ = join("Not UTF-8 at byte ", at, ".");
    return false;
  }
  if (!parsed_) parsed_ = std::make_unique<Parsed>();
  parsed_->text.assign(text);
  rapidjson::InsituStringStream stream(parsed_->text.data());
  Checked checked(parsed_->document, bounds_, parsed_->text.data());
  size_t stopped_at = 0;
  std::string_view reason;
  auto read = [&](Document&) {
    const rapidjson::ParseResult result = parsed_->reader.Parse<kFlags>(stream, checked);
    if (result) {
      stopped_at = stream.Tell();  // short of the end only when the text holds a NUL
      if (stopped_at < text.size()) reason = "Expected the end of the text";
    } else {
      stopped_at = checked.offset.value_or(result.Offset());
      reason = checked.reason.empty() ? expected_at(result.Code()) : checked.reason;
    }
    return reason.empty();
  };
  parsed_->document.Populate(read);
  if (reason.empty()) {
    root_ = node_of(parsed_->document);
    return true;
  }
  code_ = checked.code;
  error_ = join(reason, " at byte ", stopped_at, ".");
  return false;
}

void JsonDocument::clear() {
  root_ = nullptr;
  code_ = Code::kOk;
  error_.clear();
  if (!parsed_) return;
  parsed_->pool.Clear();
  if (parsed_->text.capacity() > kTextBytesKept) std::string().swap(parsed_->text);
}

namespace json {

uint32_t type(const gantry_json_node* node) {
  if (!node) return GANTRY_JSON_NULL;
  switch (value_of(node).GetType()) {
    case rapidjson::kNullType:
      return GANTRY_JSON_NULL;
    case rapidjson::kFalseType:
    case rapidjson::kTrueType:
      return GANTRY_JSON_BOOL;
    case rapidjson::kObjectType:
      return GANTRY_JSON_OBJECT;
    case rapidjson::kArrayType:
      return GANTRY_JSON_ARRAY;
    case rapidjson::kStringType:
      return GANTRY_JSON_STRING;
    case rapidjson::kNumberType:
      return GANTRY_JSON_NUMBER;
  }
  return GANTRY_JSON_NULL;
}

const gantry_json_node* member(const gantry_json_node* object, std::string_view name) {
  if (!object || !value_of(object).IsObject()) return nullptr;
  for (const auto& m : value_of(object).GetObject()) {
    if (std::string_view(m.name.GetString(), m.name.GetStringLength()) == name)
      return node_of(m.value);
  }
  return nullptr;
}

uint32_t count(const gantry_json_node* node) {
  if (!node) return 0;
  const rapidjson::Value& value = value_of(node);
  return value.IsArray() ? value.Size() : value.IsObject() ? value.MemberCount() : 0;
}

const gantry_json_node* at(const gantry_json_node* node, uint32_t i, std::string_view* name) {
  if (i >= count(node)) return nullptr;
  const rapidjson::Value& value = value_of(node);
  if (value.IsArray()) return node_of(value[i]);
  const auto m = value.MemberBegin() + i;
  if (name) *name = {m->name.GetString(), m->name.GetStringLength()};
  return node_of(m->value);
}

std::optional<std::string_view> text(const gantry_json_node* node) {
  if (!node || !value_of(node).IsString()) return std::nullopt;
  return std::string_view(value_of(node).GetString(), value_of(node).GetStringLength());
}

std::optional<bool> boolean(const gantry_json_node* node) {
  if (!node || !value_of(node).IsBool()) return std::nullopt;
  return value_of(node).GetBool();
}

std::optional<int64_t> integer(const gantry_json_node* node) {
  if (!node || !value_of(node).IsInt64()) return std::nullopt;
  return value_of(node).GetInt64();
}

std::optional<double> number(const gantry_json_node* node) {
  if (!node || !value_of(node).IsNumber()) return std::nullopt;
  return value_of(node).GetDouble();
}

bool is_whole(const gantry_json_node* node) {
  if (!node || !value_of(node).IsNumber()) return false;
  const rapidjson::Value& value = value_of(node);
  // Beyond 2^64 the parser keeps a double; such a number has no fraction.
  constexpr double k2To64 = 18446744073709551616.0;
  return !value.IsDouble() || value.GetDouble() >= k2To64 || value.GetDouble() <= -k2To64 / 2;
}

}  // namespace json
}  // namespace gantry::base
