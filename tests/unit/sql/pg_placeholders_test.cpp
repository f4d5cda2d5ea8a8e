#include "core/sql/pg_placeholders.hpp"

#include <gtest/gtest.h>

namespace gantry::sql::test {
namespace {

struct Case {
  const char* ours;
  const char* theirs;
  size_t parameters;
};

// One statement a line: what we write, what PostgreSQL gets.
constexpr Case kCases[] = {
    {"", "", 0},
    {"SELECT 1", "SELECT 1", 0},
    {"a = ? AND b=?", "a = $1 AND b=$2", 2},
    {"?,?,?", "$1,$2,$3", 3},
    // strings, names, comments
    {"'?' = ?", "'?' = $1", 1},
    {"'it''s ?' || ?", "'it''s ?' || $1", 1},
    {"LIKE ? ESCAPE '\\' AND a = ?", "LIKE $1 ESCAPE '\\' AND a = $2", 2},
    {"E'\\' ?' || ?", "E'\\' ?' || $1", 1},
    {"e'\\\\' || ?", "e'\\\\' || $1", 1},
    {"name'\\' || ?", "name'\\' || $1", 1},
    {"\"a?\"\"b?\" = ?", "\"a?\"\"b?\" = $1", 1},
    {"? -- ? not\n, ?", "$1 -- ? not\n, $2", 2},
    {"? -- the end ?", "$1 -- the end ?", 1},
    {"? /* ? /* ? */ ? */ ?", "$1 /* ? /* ? */ ? */ $2", 2},
    {"4 / ? - ? * -?", "4 / $1 - $2 * -$3", 3},
    {"$$ ? $$ || ?", "$$ ? $$ || $1", 1},
    {"$a$ ? $b$ $$ $a$ || ?", "$a$ ? $b$ $$ $a$ || $1", 1},
    {"a$1$ = ? OR b$1$ = ?", "a$1$ = $1 OR b$1$ = $2", 2},
    {"'never closed ?", "'never closed ?", 0},
    {"/* never closed ?", "/* never closed ?", 0},
    // parameters that are only asked whether they are null
    {"? IS NULL OR a = ?", "CAST($1 AS text) IS NULL OR a = $2", 2},
    {"(? is not null)", "(CAST($1 AS text) is not null)", 1},
    {"?\n  IS\tNOT\n NULL", "CAST($1 AS text)\n  IS\tNOT\n NULL", 1},
    {"? IS NOT DISTINCT FROM a", "$1 IS NOT DISTINCT FROM a", 1},
    {"? IS NULLABLE", "$1 IS NULLABLE", 1},
    {"? ISNULL", "$1 ISNULL", 1},
    {"a IS NULL AND ? = b", "a IS NULL AND $1 = b", 1},
};

TEST(PgPlaceholders, BecomeNumbersOutsideOfQuotesAndComments) {
  for (const Case& one : kCases) {
    const PgText text = with_numbered_parameters(one.ours);
    EXPECT_EQ(text.sql, one.theirs) << one.ours;
    EXPECT_EQ(text.only_null_counts.size(), one.parameters) << one.ours;
  }
}

TEST(PgPlaceholders, TellWhichOnesAreOnlyAskedWhetherTheyAreNull) {
  const PgText text = with_numbered_parameters("? IS NULL OR a = ? OR ? IS NOT NULL");
  EXPECT_EQ(text.only_null_counts, (std::vector<bool>{true, false, true}));
}

}  // namespace
}  // namespace gantry::sql::test
