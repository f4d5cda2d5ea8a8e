// Rows: a session that runs statements with `?` parameters. Session: one on loan from a logical
// database.
#pragma once
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "gantry/abi/sql.h"
#include "gantry/host.hpp"

namespace gantry {

// A parameter: text, integer, real, blob or null. Borrows; must live until the call returns.
class SqlValue {
 public:
  SqlValue() : raw_{GANTRY_SQL_NULL, 0, 0, 0, {}} {}
  SqlValue(std::nullopt_t) : SqlValue() {}                                           // NOLINT
  SqlValue(std::string_view text) : raw_{GANTRY_SQL_TEXT, 0, 0, 0, to_abi(text)} {}  // NOLINT
  SqlValue(const std::string& text) : SqlValue(std::string_view(text)) {}            // NOLINT
  SqlValue(const char* text) : SqlValue(std::string_view(text)) {}                   // NOLINT
  template <std::integral T>
  SqlValue(T number)
      : raw_{GANTRY_SQL_INTEGER, 0, static_cast<int64_t>(number), 0, {}} {}  // NOLINT
  SqlValue(double number) : raw_{GANTRY_SQL_REAL, 0, 0, number, {}} {}       // NOLINT
  SqlValue(Instant at) : SqlValue(at.us()) {}                                // NOLINT
  static SqlValue blob(std::string_view bytes) {
    SqlValue value;
    value.raw_ = {GANTRY_SQL_BLOB, 0, 0, 0, to_abi(bytes)};
    return value;
  }
  const gantry_sql_value& raw() const { return raw_; }

 private:
  gantry_sql_value raw_;
};
using SqlValues = std::vector<SqlValue>;

// One row of an answer; columns from 0; valid until the visitor returns.
class SqlRow {
 public:
  SqlRow(const gantry_sql_value* columns, uint32_t count) : columns_(columns), count_(count) {}
  bool is_null(uint32_t i) const { return at(i).type == GANTRY_SQL_NULL; }
  std::string_view text(uint32_t i) const { return from_abi(at(i).bytes); }
  int64_t integer(uint32_t i) const { return at(i).integer; }
  double real(uint32_t i) const { return at(i).real; }
  Instant instant(uint32_t i) const { return Instant(integer(i)); }

 private:
  const gantry_sql_value& at(uint32_t i) const {
    if (i >= count_) throw Error(Code::kInternal, "no such column");
    return columns_[i];
  }
  const gantry_sql_value* columns_;
  uint32_t count_;
};

inline std::vector<gantry_sql_value> raw_of(const SqlValues& values) {
  std::vector<gantry_sql_value> raw;
  raw.reserve(values.size());
  for (const auto& value : values) raw.push_back(value.raw());
  return raw;
}

class Rows {
 public:
  Rows(const gantry_sql& sql, gantry_handle session) : sql_(&sql), session_(session) {}

  // Runs one statement; returns the number of changed rows.
  int64_t run(std::string_view statement, const SqlValues& values = {}) const {
    const auto raw = raw_of(values);
    int64_t changed = 0;
    TextSink why;
    check(sql_->exec(sql_->self, session_, to_abi(statement), raw.data(),
                     static_cast<uint32_t>(raw.size()), &changed, why.abi()),
          why);
    return changed;
  }

  // f(const SqlRow&) for each row; its exceptions come out here.
  template <class F>
  void each(std::string_view statement, const SqlValues& values, F&& f) const {
    struct State {
      std::remove_reference_t<F>* f;
      std::exception_ptr thrown;
    } state{&f, nullptr};
    const auto raw = raw_of(values);
    TextSink why;
    check(sql_->query(
              sql_->self, session_, to_abi(statement), raw.data(),
              static_cast<uint32_t>(raw.size()), &state,
              [](void* self, const gantry_sql_value* columns, uint32_t count) -> uint32_t {
                auto& s = *static_cast<State*>(self);
                try {
                  (*s.f)(SqlRow(columns, count));
                  return 1;
                } catch (...) {
                  s.thrown = std::current_exception();
                  return 0;
                }
              },
              why.abi()),
          why);
    if (state.thrown) std::rethrow_exception(state.thrown);
  }

  // True when there is a row; f sees the first one.
  template <class F>
  bool first(std::string_view statement, const SqlValues& values, F&& f) const {
    bool found = false;
    each(statement, values, [&](const SqlRow& row) {
      if (!found) f(row);
      found = true;
    });
    return found;
  }

 protected:
  const gantry_sql* sql_;
  gantry_handle session_;
};

// A session on loan until destroyed; uncommitted work is rolled back then. [worker] [bus] [setup]
class Session : public Rows {
 public:
  static Session reading(const Host& host, std::string_view database) {
    return Session(host, database, 0);
  }
  static Session writing(const Host& host, std::string_view database) {
    return Session(host, database, 1);
  }
  ~Session() {
    if (session_) sql_->close(sql_->self, session_);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void begin() const {
    TextSink why;
    check(sql_->begin(sql_->self, session_, why.abi()), why);
  }
  void commit() const {
    TextSink why;
    check(sql_->commit(sql_->self, session_, why.abi()), why);
  }

 private:
  Session(const Host& host, std::string_view database, uint32_t writing) : Rows(host.sql(), 0) {
    TextSink why;
    check(sql_->open(sql_->self, to_abi(database), writing, &session_, why.abi()), why);
  }
};

}  // namespace gantry
