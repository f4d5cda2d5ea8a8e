#include "core/sql/pg_parameters.hpp"

#include <charconv>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

// The shortest text that reads back as the same number; "inf" and "nan" are PostgreSQL's words too.
template <class Number>
std::string written(Number number) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  return std::string(digits, end);
}

}  // namespace

PgParameters::PgParameters(const std::vector<bool>& only_null_counts, const Values& values) {
  if (values.size() != only_null_counts.size()) {
    throw Error(Code::kInvalid, join("the statement has ", only_null_counts.size(), " parameters, ",
                                     values.size(), " were given"));
  }
  texts_.reserve(values.size());  // pointers_ point into them
  for (size_t i = 0; i < values.size(); ++i) {
    const bool is_null = std::holds_alternative<std::monostate>(values[i]);
    if (only_null_counts[i] && !is_null) {
      add_text("");
    } else {
      add(values[i]);
    }
  }
}

void PgParameters::add(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return add_text(written(*number));
  if (const auto* real = std::get_if<double>(&value)) return add_text(written(*real));
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    if (text->find('\0') != text->npos)
      throw Error(Code::kInvalid, "PostgreSQL cannot keep a NUL byte in a text; use a blob");
    return add_text(std::string(*text));
  }
  const auto* blob = std::get_if<Blob>(&value);
  pointers_.push_back(blob == nullptr                 ? nullptr
                      : blob->bytes.data() == nullptr ? ""  // a null pointer would be NULL
                                                      : blob->bytes.data());
  lengths_.push_back(blob == nullptr ? 0 : static_cast<int>(blob->bytes.size()));
  formats_.push_back(blob == nullptr ? 0 : 1);
}

void PgParameters::add_text(std::string text) {
  texts_.push_back(std::move(text));
  pointers_.push_back(texts_.back().c_str());
  lengths_.push_back(0);  // of no use in text form
  formats_.push_back(0);
}

}  // namespace gantry::sql
