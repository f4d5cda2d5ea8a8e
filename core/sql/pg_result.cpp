#include "core/sql/pg_result.hpp"

#include <charconv>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

// From pg_type.dat, fixed for ever; the server's headers are not for clients.
constexpr Oid kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kOid = 26, kFloat4 = 700,
              kFloat8 = 701, kNumeric = 1700;

template <class Number>
bool reads_as(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

int64_t integer_of(std::string_view text) {
  int64_t number = 0;
  if (!reads_as(text, number))
    throw Error(Code::kInternal, join("PostgreSQL gave '", text, "' as an integer"));
  return number;
}

double real_of(std::string_view text) {
  double number = 0;
  if (!reads_as(text, number))
    throw Error(Code::kInternal, join("PostgreSQL gave '", text, "' as a real"));
  return number;
}

unsigned digit_of(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

}  // namespace

std::string_view PgResult::sqlstate() const {
  const char* text = PQresultErrorField(result_.get(), PG_DIAG_SQLSTATE);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string_view PgResult::tag() const { return PQcmdStatus(result_.get()); }

int64_t PgResult::changed() const {
  for (const std::string_view kind : {"INSERT ", "UPDATE ", "DELETE ", "MERGE "}) {
    if (tag().starts_with(kind)) return integer_of(PQcmdTuples(result_.get()));
  }
  return 0;
}

const Row& PgResult::row(int index) {
  row_.resize(static_cast<size_t>(columns()));
  for (int i = 0; i < columns(); ++i) {
    const auto place = static_cast<size_t>(i);
    row_[place] = value(index, i, place);
  }
  return row_;
}

const std::vector<Value>& PgResult::cells() {
  row_.resize(static_cast<size_t>(rows()) * static_cast<size_t>(columns()));
  size_t place = 0;
  for (int i = 0; i < rows(); ++i) {
    for (int column = 0; column < columns(); ++column, ++place)
      row_[place] = value(i, column, place);
  }
  return row_;
}

Value PgResult::value(int row, int column, size_t place) {
  if (PQgetisnull(result_.get(), row, column) != 0) return std::monostate();
  const std::string_view text(PQgetvalue(result_.get(), row, column),
                              static_cast<size_t>(PQgetlength(result_.get(), row, column)));
  switch (PQftype(result_.get(), column)) {
    case kBool:
      return int64_t{text == "t"};
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid:
      return integer_of(text);
    case kFloat4:
    case kFloat8:
      return real_of(text);
    case kNumeric: {
      int64_t whole = 0;
      if (reads_as(text, whole)) return whole;
      return real_of(text);
    }
    case kBytea:
      return blob(text, place);
    default:
      return text;
  }
}

// "\x00ff", because each session asks for bytea_output=hex.
Blob PgResult::blob(std::string_view hex, size_t place) {
  if (!hex.starts_with("\\x")) throw Error(Code::kInternal, "PostgreSQL gave a bytea not in hex");
  if (blobs_.size() < row_.size()) blobs_.resize(row_.size());  // once: others point into them
  std::string& bytes = blobs_[place];
  bytes.clear();
  for (size_t i = 2; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(digit_of(hex[i]) << 4 | digit_of(hex[i + 1]));
  return Blob{bytes};
}

}  // namespace gantry::sql
