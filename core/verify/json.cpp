#include "core/verify/json.hpp"

namespace gantry::verify {

Json Json::operator[](const char* name) const {
  if (!is_object()) return {};
  const auto at = value_->FindMember(name);
  return at == value_->MemberEnd() ? Json() : Json(&at->value);
}

std::string_view Json::text() const {
  if (value_ == nullptr || !value_->IsString()) return {};
  return {value_->GetString(), value_->GetStringLength()};
}

std::optional<int64_t> Json::integer() const {
  if (value_ == nullptr || !value_->IsInt64()) return std::nullopt;
  return value_->GetInt64();
}

Json JsonText::parse(std::string_view text) {
  document_.reset();
  pool_.Clear();
  document_.emplace(&pool_);
  document_->Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  return document_->HasParseError() ? Json() : Json(&*document_);
}

}  // namespace gantry::verify
