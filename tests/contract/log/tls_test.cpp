// PostgreSQL over TLS with records longer than those of its own server up to version 16. What
// OpenSSL has taken off the socket and libpq not off OpenSSL is nothing that poll() tells of.
#include <gtest/gtest.h>

#include "core/log/pg_link.hpp"
#include "core/sql/pg_url.hpp"
#include "gantry/text.hpp"
#include "tests/support/long_records.hpp"
#include "tests/support/postgres.hpp"

namespace gantry::log::test {
namespace {

// libpq's buffer is 16 KB. With 5,000 bytes in it and two rows that it has room for one after the
// other, the second record does not fit in, and is all that comes.
TEST(PgLinkOverTls, WaitsForNothingThatHasCome) {
  const std::string url = tests::postgres().fresh_database();
  tests::LongRecords records(tests::postgres().port(), 5000);
  const std::string over_tls =
      join(tests::postgres().over_tcp(url, "127.0.0.1", records.port()), "?sslmode=require");
  PgLink link(sql::PgUrl(over_tls).conninfo({.insecure_transport = true}, false),
              {{"rows", "SELECT repeat('x', n) FROM (VALUES (14000), (7000)) AS v(n)"}},
              std::chrono::seconds(2));
  const PgRows rows = link.ask("rows");
  EXPECT_EQ(rows.count(), 2);
  EXPECT_EQ(rows.text(1, 0).size(), 7000u);
}

}  // namespace
}  // namespace gantry::log::test
