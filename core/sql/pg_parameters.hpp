// sql::PgParameters: the values of one call as libpq takes them. Numbers and texts in text form, so
// that the server may take them for any type that they can be read as; blobs in binary form.
#pragma once
#include <string>
#include <vector>

#include "core/sql/session.hpp"

namespace gantry::sql {

class PgParameters {
 public:
  // Borrows the blobs.
  //   only_null_counts  as in PgText
  //   throws  Invalid   another number of values; a NUL byte in a text, which PostgreSQL cannot
  //   keep
  PgParameters(const std::vector<bool>& only_null_counts, const Values& values);

  int count() const { return static_cast<int>(pointers_.size()); }
  const char* const* values() const { return pointers_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add(const Value& value);
  void add_text(std::string text);

  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
  std::vector<int> lengths_;
  std::vector<int> formats_;  // 0 text, 1 binary
};

}  // namespace gantry::sql
