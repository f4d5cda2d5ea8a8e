#include "core/config/json_reader.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "core/config/quote.hpp"
#include "core/config/source_text.hpp"
#include "core/config/tree_builder.hpp"
#include "core/config/yaml_reader.hpp"
#include "gantry/text.hpp"

namespace gantry::config {
namespace {

// RapidJSON calls back when it has read a token; its start is found by looking back from there.
class Events {
 public:
  Events(std::string_view text, std::string_view file, const rapidjson::MemoryStream& stream)
      : text_(text), file_(file), stream_(stream), tree_("") {}

  bool Null() { return add({}, word_start()); }
  bool Bool(bool yes) { return add(yes, word_start()); }
  bool Int(int number) { return add(int64_t{number}, word_start()); }
  bool Uint(unsigned number) { return add(int64_t{number}, word_start()); }
  bool Int64(int64_t number) { return add(number, word_start()); }
  bool Uint64(uint64_t number) {
    if (number > INT64_MAX) return refuse(word_start(), "this integer does not fit into 64 bits");
    return add(static_cast<int64_t>(number), word_start());
  }
  bool Double(double number) { return add(number, word_start()); }
  bool RawNumber(const char* /*text*/, rapidjson::SizeType /*size*/, bool /*copy*/) {
    return false;
  }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return add(std::string(text, size), string_start());
  }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    std::string key(text, size);
    if (!tree_.key(key, mark(string_start()))) return true;
    return refuse(string_start(), "duplicate key " + quoted(key));
  }
  bool StartObject() { return open(true); }
  bool StartArray() { return open(false); }
  bool EndObject(rapidjson::SizeType /*count*/) { return close(); }
  bool EndArray(rapidjson::SizeType /*count*/) { return close(); }

  Node take() { return tree_.take(); }
  Mark mark(size_t offset) const {
    const auto before = text_.substr(0, std::min(offset, text_.size()));
    const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto in_line = before.substr(line_start);
    const auto line = std::count(before.begin(), before.end(), '\n');
    return {std::string(file_), 1 + static_cast<int>(line),
            1 + static_cast<int>(characters(in_line))};
  }

  std::optional<Fault> fault;

 private:
  size_t word_start() const {
    size_t at = stream_.Tell();
    while (at > 0 && std::string_view(" \t\r\n,:[{").find(text_[at - 1]) == std::string_view::npos)
      --at;
    return at;
  }
  // From behind the closing quote back to the opening one, past escaped quotes.
  size_t string_start() const {
    size_t at = stream_.Tell() - 1;
    while (at > 0) {
      --at;
      if (text_[at] != '"') continue;
      size_t backslashes = 0;
      while (backslashes < at && text_[at - 1 - backslashes] == '\\') ++backslashes;
      if (backslashes % 2 == 0) break;
    }
    return at;
  }
  bool add(Node::Value value, size_t start) {
    tree_.value(Node(std::move(value), mark(start), Origin::kDefault));
    return true;
  }
  bool open(bool object) {
    const size_t start = stream_.Tell() - 1;
    if (tree_.depth() >= kDepthMax) return refuse(start, "nested too deep");
    tree_.open(object, mark(start));
    return true;
  }
  bool close() {
    tree_.close(Origin::kDefault);
    return true;
  }
  bool refuse(size_t start, std::string why) {
    fault = Fault{mark(start), tree_.path(), std::move(why)};
    return false;
  }

  std::string_view text_;
  std::string_view file_;
  const rapidjson::MemoryStream& stream_;
  TreeBuilder tree_;
};

}  // namespace

Result<Node, Fault> read_json(std::string_view text, std::string_view file) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  Events events(text, file, stream);
  rapidjson::Reader reader;
  constexpr unsigned kFlags =
      rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag;
  const auto result = reader.Parse<kFlags>(stream, events);
  if (!result.IsError()) return events.take();
  if (events.fault) return Refused{*events.fault};
  return Refused{
      Fault{events.mark(result.Offset()), "",
            std::string("not readable as JSON: ") + rapidjson::GetParseError_En(result.Code())}};
}

}  // namespace gantry::config
