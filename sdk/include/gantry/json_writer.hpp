// JsonWriter: writes one JSON text front to back, no tree, no library.
//
//   JsonWriter json;
//   json.object().field("id", id).field("seats", 3).end();
//   json.text()   // {"id":"…","seats":3}
//
// Commas and escaping are its work; nesting is the caller's (object/array … end).
#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/instant.hpp"
#include "gantry/text.hpp"
#include "gantry/uuid.hpp"

namespace gantry {

class JsonWriter {
 public:
  JsonWriter& object() { return open('{', '}'); }
  JsonWriter& array() { return open('[', ']'); }
  JsonWriter& object(std::string_view name) { return key(name).object(); }
  JsonWriter& array(std::string_view name) { return key(name).array(); }
  JsonWriter& end() {
    out_ += closers_.back();
    closers_.pop_back();
    comma_ = true;
    return *this;
  }

  JsonWriter& key(std::string_view name) {
    separate();
    quote(name);
    out_ += ':';
    comma_ = false;
    return *this;
  }

  JsonWriter& value(std::string_view text) {
    separate();
    quote(text);
    return *this;
  }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(const Uuid& id) { return value(std::string_view(id.text())); }
  JsonWriter& value(Instant at) { return value(std::string_view(at.text())); }
  JsonWriter& value(bool yes) { return raw(yes ? "true" : "false"); }
  template <std::integral T>
  requires(!std::same_as<T, bool>) JsonWriter& value(T number) {
    separate();
    detail::append(out_, number);
    return *this;
  }
  JsonWriter& null() { return raw("null"); }
  // Inserts `json`, which must already be one JSON value.
  JsonWriter& raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
  }

  template <class T>
  JsonWriter& field(std::string_view name, const T& v) {
    return key(name).value(v);
  }
  JsonWriter& null(std::string_view name) { return key(name).null(); }
  JsonWriter& raw(std::string_view name, std::string_view json) { return key(name).raw(json); }

  const std::string& text() const& { return out_; }
  std::string text() && { return std::move(out_); }

 private:
  JsonWriter& open(char opener, char closer) {
    separate();
    out_ += opener;
    closers_ += closer;
    comma_ = false;
    return *this;
  }
  void separate() {
    if (comma_) out_ += ',';
    comma_ = true;
  }
  // What needs no escape, which is nearly everything, is copied as a whole.
  void quote(std::string_view text) {
    out_ += '"';
    size_t copied = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
      out_.append(text.data() + copied, i - copied);
      copied = i + 1;
      escape(c);
    }
    out_.append(text.data() + copied, text.size() - copied);
    out_ += '"';
  }
  void escape(char c) {
    static constexpr char kHex[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        out_ += "\\\"";
        break;
      case '\\':
        out_ += "\\\\";
        break;
      case '\n':
        out_ += "\\n";
        break;
      case '\r':
        out_ += "\\r";
        break;
      case '\t':
        out_ += "\\t";
        break;
      default:
        out_ += "\\u00";
        out_ += kHex[byte >> 4];
        out_ += kHex[byte & 15];
    }
  }

  std::string out_;
  std::string closers_;
  bool comma_ = false;
};

}  // namespace gantry
