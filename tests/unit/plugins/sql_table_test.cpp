// gantry.sql/1 as a plugin calls it.
#include "tests/unit/plugins/tables.hpp"

namespace gantry::plugins {
namespace {

TEST_F(TablesTest, LendSessionsAndRollBackWhatIsNotCommitted) {
  gantry_handle writer = session(1);
  EXPECT_EQ(exec(writer, "CREATE TABLE t (n INTEGER, s TEXT)"), GANTRY_OK);
  EXPECT_EQ(sql().begin(sql().self, writer, &why_), GANTRY_OK);
  EXPECT_EQ(sql().begin(sql().self, writer, &why_), GANTRY_INVALID);
  gantry_sql_value values[2] = {};
  values[0].type = GANTRY_SQL_INTEGER;
  values[0].integer = 5;
  values[1].type = GANTRY_SQL_TEXT;
  values[1].bytes = abi("five");
  int64_t changed = 0;
  EXPECT_EQ(
      sql().exec(sql().self, writer, abi("INSERT INTO t VALUES (?,?)"), values, 2, &changed, &why_),
      GANTRY_OK);
  EXPECT_EQ(changed, 1);
  EXPECT_EQ(sql().commit(sql().self, writer, &why_), GANTRY_OK);
  EXPECT_EQ(sql().commit(sql().self, writer, &why_), GANTRY_INVALID);
  EXPECT_EQ(sql().begin(sql().self, writer, &why_), GANTRY_OK);
  EXPECT_EQ(exec(writer, "DELETE FROM t"), GANTRY_OK);
  sql().close(sql().self, writer);
  EXPECT_EQ(exec(writer, "DELETE FROM t"), GANTRY_STALE);

  const gantry_handle reader = session(0);
  std::string seen;
  EXPECT_EQ(sql().query(
                sql().self, reader, abi("SELECT n, s, NULL, 2.5 FROM t"), nullptr, 0, &seen,
                [](void* state, const gantry_sql_value* row, uint32_t count) -> uint32_t {
                  *static_cast<std::string*>(state) =
                      join(count, " ", row[0].integer, " ", view(row[1].bytes), " ", row[2].type,
                           " ", row[3].real == 2.5);
                  return 1;
                },
                &why_),
            GANTRY_OK);
  EXPECT_EQ(seen, "4 5 five 0 true");
  values[0].type = 9;
  EXPECT_EQ(sql().exec(sql().self, reader, abi("SELECT ?"), values, 1, nullptr, &why_),
            GANTRY_INVALID);
  sql().close(sql().self, reader);
}

TEST_F(TablesTest, KeepTransactionsInTheHostsHands) {
  const gantry_handle writer = session(1);
  for (const char* statement : {"BEGIN", "  commit", "Rollback;", "PRAGMA x", "ATTACH 'a' AS b"})
    EXPECT_EQ(exec(writer, statement), GANTRY_DENIED) << statement;
  EXPECT_EQ(exec(writer, "CREATE TABLE begins (n)"), GANTRY_OK);
  sql().close(sql().self, writer);
  gantry_handle none = 0;
  EXPECT_EQ(sql().open(sql().self, abi("events"), 1, &none, &why_), GANTRY_NOT_FOUND);
}

TEST_F(TablesTest, GiveOneSessionToOneThreadAtATime) {
  const gantry_handle reader = session(0);
  struct State {
    TablesTest* test;
    gantry_handle session;
    gantry_rc elsewhere;
  } state{this, reader, GANTRY_OK};
  sql().query(
      sql().self, reader, abi("SELECT 1"), nullptr, 0, &state,
      [](void* raw, const gantry_sql_value*, uint32_t) -> uint32_t {
        auto& s = *static_cast<State*>(raw);
        std::thread([&] { s.elsewhere = s.test->exec(s.session, "SELECT 1"); }).join();
        return 1;
      },
      &why_);
  EXPECT_EQ(state.elsewhere, GANTRY_DENIED);
  sql().close(sql().self, reader);
}

// What a plugin's projection sees of the host.
struct Seen {
  const gantry_sql* sql = nullptr;
  gantry_handle session = 0;
};

TEST_F(TablesTest, LendAProjectionItsSessionForOneEvent) {
  Seen seen{&sql(), 0};
  const gantry_str streams[] = {abi("thing-*")};
  gantry_projection declared{};
  declared.name = abi("acme.rows");
  declared.database = abi("projections");
  declared.streams = streams;
  declared.stream_count = 1;
  declared.self = &seen;
  declared.apply = [](void* self, const gantry_event*, gantry_handle session,
                      const gantry_sink* why) noexcept -> gantry_rc {
    auto& s = *static_cast<Seen*>(self);
    s.session = session;
    const gantry_rc rc =
        s.sql->exec(s.sql->self, session, abi("CREATE TABLE p (n)"), nullptr, 0, nullptr, why);
    if (rc != GANTRY_OK) return rc;
    s.sql->close(s.sql->self, session);  // no effect: it is the host's
    if (s.sql->begin(s.sql->self, session, nullptr) != GANTRY_DENIED) return GANTRY_INTERNAL;
    return s.sql->commit(s.sql->self, session, nullptr) == GANTRY_DENIED ? GANTRY_OK
                                                                         : GANTRY_INTERNAL;
  };
  const auto projection = projection_of(declared, context_);
  const sql::Lease host_session = bench_.projections->writer();
  projection.apply(FakeEvents::event("thing-1"), *host_session);
  EXPECT_EQ(exec(seen.session, "SELECT 1"), GANTRY_STALE);
  EXPECT_THROW(projection.apply(FakeEvents::event("thing-1"), *host_session), Error);  // exists
}

}  // namespace
}  // namespace gantry::plugins
