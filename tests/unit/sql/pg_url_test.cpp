#include "core/sql/pg_url.hpp"

#include <gmock/gmock.h>

#include "core/sql/database.hpp"
#include "core/sql/pg_error.hpp"
#include "gantry/error.hpp"

namespace gantry::sql::test {
namespace {
using testing::HasSubstr;
using testing::Not;

const PgOptions kStrict;
const PgOptions kInsecure{.insecure_transport = true};

std::string conninfo(const std::string& url, const PgOptions& options = kStrict) {
  return PgUrl(url).conninfo(options, false);
}

struct Transport {
  const char* url;
  bool allowed;   // without the switch
  bool verified;  // with the switch
};

constexpr Transport kTransports[] = {
    {"postgresql://u@db/x", true, false},
    {"postgresql://u@db/x?sslmode=verify-full", true, true},
    {"postgres://u@db:5433/x?sslmode=verify-full", true, true},
    {"postgresql://u@db/x?sslmode=verify-ca", false, false},
    {"postgresql://u@db/x?sslmode=require", false, false},
    {"postgresql://u@db/x?sslmode=prefer", false, false},
    {"postgresql://u@db/x?sslmode=disable", false, false},
    {"postgresql://u@127.0.0.1/x?sslmode=disable", false, false},
    {"postgresql://u@[::1]/x?sslmode=disable", false, false},
    {"postgresql://u@/x?hostaddr=10.0.0.1&sslmode=disable", false, false},
    {"postgresql://u@/x?service=there&sslmode=disable", false, false},
    {"postgresql:///x", true, true},
    {"postgresql:///x?host=/run/postgresql", true, true},
    {"postgresql://%2Frun%2Fpostgresql/x?sslmode=disable", true, true},
    {"postgresql://u@/x?host=/run/postgresql,db&sslmode=disable", false, false},
};

TEST(PgTransport, IsVerifiedUnlessTheSwitchIsOn) {
  for (const Transport& one : kTransports) {
    const PgUrl url(one.url);
    EXPECT_EQ(url.transport_fault(kStrict).empty(), one.allowed) << one.url;
    EXPECT_EQ(url.is_verified(kStrict), one.allowed) << one.url;
    EXPECT_EQ(url.transport_fault(kInsecure), "") << one.url;
    EXPECT_EQ(url.is_verified(kInsecure), one.verified) << one.url;
  }
}

TEST(PgTransport, SaysWhatToDoAboutAWeakOne) {
  EXPECT_EQ(PgUrl("postgresql://u:secret@db/x?sslmode=require").transport_fault(kStrict),
            "sslmode=require does not prove who answers; use sslmode=verify-full with "
            "sslrootcert=<file>, or allow it with storage.postgresql.insecure_transport: true");
}

TEST(PgTransport, NamesTheSwitchOfWhoeverAsks) {
  EXPECT_THAT(PgUrl("postgresql://db/x?sslmode=require").transport_fault(kStrict, "--so"),
              HasSubstr("or allow it with --so"));
}

TEST(PgTransport, IsAskedForInSoManyWords) {
  EXPECT_THAT(conninfo("postgresql://u@db/x"), HasSubstr("sslmode='verify-full'"));
  EXPECT_THAT(conninfo("postgresql:///x?sslmode=disable"), HasSubstr("sslmode='verify-full'"));
  EXPECT_THAT(conninfo("postgresql://u@db/x", kInsecure), Not(HasSubstr("sslmode")));
  EXPECT_THAT(conninfo("postgresql://u@db/x?sslmode=disable", kInsecure),
              HasSubstr("sslmode='disable'"));
}

TEST(PgTransport, IsRefusedWhenADatabaseIsOpened) {
  DatabaseOptions options;
  options.name = "auth";
  options.url = "postgresql://u:secret@127.0.0.1/x?sslmode=disable";
  try {
    open_database(options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalid);
    EXPECT_THAT(error.detail(), HasSubstr("database 'auth': sslmode=disable does not prove"));
  }
}

TEST(PgConninfo, QuotesWhatTheUrlHolds) {
  const std::string text = conninfo("postgresql://u:a%20b%27c%5C@db/x");
  EXPECT_THAT(text, HasSubstr("password='a b\\'c\\\\'"));
  EXPECT_THAT(text, HasSubstr("host='db'"));
}

TEST(PgConninfo, HasALimitForEachWait) {
  PgOptions options;
  options.connect_timeout = std::chrono::milliseconds(2500);
  options.statement_timeout = std::chrono::milliseconds(11);
  options.lock_timeout = std::chrono::milliseconds(22);
  options.idle_in_transaction_timeout = std::chrono::milliseconds(33);
  const std::string text =
      conninfo("postgresql://u@db/x?connect_timeout=0&options=-c%20search_path%3Dshop", options);
  for (const char* part :
       {"connect_timeout='3'", "keepalives='1'", "keepalives_idle='30'", "keepalives_count='3'",
        "keepalives_interval='10'", "tcp_user_timeout='30000'", "client_encoding='UTF8'",
        "application_name='gantry'", "options='-c search_path=shop -c statement_timeout=11 ",
        " -c lock_timeout=22 ", " -c idle_in_transaction_session_timeout=33 ",
        "default_transaction_isolation=read\\\\ committed"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(PgConninfo, LetsTheUrlHaveItsOwnName) {
  EXPECT_THAT(conninfo("postgresql://u@db/x?application_name=other"),
              HasSubstr("application_name='other'"));
}

TEST(PgUrls, ThatCannotBeReadAreRefusedWithoutTheirPassword) {
  for (const char* url :
       {"postgresql://u:sec%ret@db/x", "postgresql://u:secret@[::1/x", "postgresql:u:secret@db/x",
        "postgresql://u:secret@db/x?sslmod=require", "postgresql://u:secret@db/x?=1"}) {
    try {
      PgUrl refused{std::string_view(url)};
      FAIL() << url;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kInvalid);
      EXPECT_THAT(error.detail(), Not(HasSubstr("sec"))) << url;
    }
  }
}

std::string refusal(const std::string& url) {
  try {
    PgUrl refused{std::string_view(url)};
    return "";
  } catch (const Error& error) {
    return error.detail();
  }
}

// What libpq takes for a host or a port it shows in its errors.
TEST(PgUrls, WithABareAtOrSlashInThePasswordAreRefusedAsSuch) {
  for (const char* url :
       {"postgresql://u:p@zz/w:rd@host/db", "postgresql://u:pa@zz@host/db",
        "postgresql://u:pa/zz@host/db", "postgresql://u@corp:pazz@host/db",
        "postgres://u:p?x@zz@host/db", "postgresql://u:pa@zz@/db?host=/run/postgresql"}) {
    const std::string why = refusal(url);
    EXPECT_THAT(why, HasSubstr("must be percent-encoded (@ is %40, / is %2F)")) << url;
    EXPECT_THAT(why, HasSubstr("${file:…}")) << url;
    EXPECT_THAT(why, Not(HasSubstr("zz"))) << url;
  }
  for (const char* url : {"postgresql://u:p%40ss%2Fw@host/db", "postgresql://u:p?q#r:s@host/db",
                          "postgresql:///db?host=@socket", "postgresql://u@%40socket/db"}) {
    EXPECT_EQ(refusal(url), "") << url;
  }
}

TEST(PgUrls, NeedPortsThatAreNumbers) {
  for (const char* url :
       {"postgresql://u@host:x/db", "postgresql://host:0/db", "postgresql://host:65536/db",
        "postgresql://a:5432,b:secret/db", "postgresql:///db?port=5432x", "postgresql://h:-1/db"})
    EXPECT_EQ(refusal(url), "the port is no number between 1 and 65535") << url;
  for (const char* url : {"postgresql://a:5432,b,c:65535/db", "postgresql://host/db"})
    EXPECT_EQ(refusal(url), "") << url;
}

TEST(PgTransport, NeedsTheAuthorityThatTheUrlNames) {
  const auto fault = [](const char* url, const PgOptions& options) {
    return PgUrl(url).transport_fault(options);
  };
  EXPECT_EQ(fault("postgresql://u@db/x?sslrootcert=/nope/ca.pem", kStrict),
            "sslrootcert names /nope/ca.pem: No such file or directory");
  EXPECT_NE(fault("postgresql://u@db/x?sslmode=verify-ca&sslrootcert=/nope/ca.pem", kInsecure), "");
  EXPECT_EQ(fault("postgresql://u@db/x?sslrootcert=/nope/ca.pem", kInsecure), "");
  EXPECT_EQ(fault("postgresql://u@db/x?sslrootcert=/dev/null", kStrict), "");
  EXPECT_EQ(fault("postgresql://u@db/x?sslrootcert=system", kStrict), "");
  EXPECT_EQ(fault("postgresql:///x?sslrootcert=/nope/ca.pem", kStrict), "");
}

TEST(PgErrors, MeanWhatTheirClassSays) {
  constexpr std::pair<const char*, Code> kCases[] = {
      {"23505", Code::kConflict},    {"23503", Code::kConflict},    {"23514", Code::kConflict},
      {"23P01", Code::kConflict},    {"23502", Code::kInvalid},     {"22P02", Code::kInvalid},
      {"22003", Code::kInvalid},     {"42601", Code::kInvalid},     {"42P01", Code::kInvalid},
      {"42501", Code::kInvalid},     {"25P02", Code::kInvalid},     {"0A000", Code::kInvalid},
      {"40001", Code::kUnavailable}, {"40P01", Code::kUnavailable}, {"55P03", Code::kUnavailable},
      {"57014", Code::kUnavailable}, {"57P01", Code::kUnavailable}, {"57P03", Code::kUnavailable},
      {"53100", Code::kUnavailable}, {"53300", Code::kUnavailable}, {"08006", Code::kUnavailable},
      {"58030", Code::kUnavailable}, {"25006", Code::kUnavailable}, {"25P03", Code::kUnavailable},
      {"XX000", Code::kInternal},    {"XX001", Code::kInternal},
  };
  for (const auto& [sqlstate, code] : kCases)
    EXPECT_EQ(code_of_sqlstate(sqlstate), code) << sqlstate;
}

}  // namespace
}  // namespace gantry::sql::test
