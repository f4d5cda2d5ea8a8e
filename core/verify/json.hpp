// Json: reading access to a parsed text. What is absent or of another type reads as nothing.
#pragma once
#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace gantry::verify {

class Json {
 public:
  Json() = default;
  explicit Json(const rapidjson::Value* value) : value_(value) {}

  Json operator[](const char* name) const;
  bool exists() const { return value_ != nullptr; }
  bool is_object() const { return value_ != nullptr && value_->IsObject(); }
  std::string_view text() const;           // empty when it is no text
  std::optional<int64_t> integer() const;  // nothing for a fraction
  int64_t integer_or(int64_t other) const { return integer().value_or(other); }
  bool is_true() const { return value_ != nullptr && value_->IsTrue(); }
  template <class F>
  void each(F&& f) const {
    if (value_ == nullptr || !value_->IsArray()) return;
    for (const auto& element : value_->GetArray()) f(Json(&element));
  }

 private:
  const rapidjson::Value* value_ = nullptr;
};

// One text at a time; its memory is used again for the next.
class JsonText {
 public:
  // The root; it exists only when the text is JSON.
  Json parse(std::string_view text);

 private:
  rapidjson::MemoryPoolAllocator<> pool_{16384};
  std::optional<rapidjson::Document> document_;
};

}  // namespace gantry::verify
