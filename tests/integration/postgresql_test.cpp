// Events, read models and accounts on PostgreSQL, each where the configuration says: the same shop.
#include "tests/support/postgres.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

int64_t position_of(const Answer& answer) {
  const std::string at = answer.header("gantry-position");
  return at.empty() ? 0 : std::stoll(at);
}

ServerOptions with_databases(const std::string& projections, const std::string& auth) {
  ServerOptions options;
  options.arguments = {"--set", "storage.projections=" + projections, "--set",
                       "storage.auth=" + auth};
  return options;
}

// Buys one seat; the position of the payment.
int64_t buy(Shop& shop, const std::string& customer, const std::string& event,
            const std::string& seat) {
  const Answer held = shop.hold(customer, join("hold-", seat, "-aaaaaaaaaaaa"), event,
                                Shop::seat_line("Hall", seat));
  EXPECT_EQ(held.status, 201) << held.body;
  const Answer paid =
      shop.pay(customer, join("pay-", seat, "-aaaaaaaaaaaaa"), JsonBody(held.body).text("id"));
  EXPECT_EQ(paid.status, 201) << paid.body;
  return position_of(paid);
}

std::string tables_of(const std::string& database) {
  return postgres().ask(database,
                        "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables"
                        " WHERE schemaname = 'public'");
}

TEST(OnPostgresql, ATicketIsBoughtInThreeDatabasesAndTheBooksAgree) {
  const std::string events = postgres().fresh_database(), projections = postgres().fresh_database(),
                    auth = postgres().fresh_database();
  ServerOptions options = with_databases(projections, auth);
  options.arguments.insert(options.arguments.end(), {"--set", "storage.events=" + events});
  Server server(options);
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string admin = shop.log_in("admin@example.com"),
                    customer = shop.log_in("buyer@example.com");
  const std::string event = shop.open_event(admin, {{"Hall", 3, 10, 1999}});
  ASSERT_FALSE(event.empty());
  buy(shop, customer, event, "R1-1");
  const int64_t position = buy(shop, customer, event, "R1-2");

  Books books = read_books(shop, event, admin, {customer}, position);
  EXPECT_EQ(books.capacity, 30);
  EXPECT_EQ(books.sold, 2);
  EXPECT_EQ(books.available, 28);
  EXPECT_EQ(books.our_net["EUR"], 2 * 1999);
  EXPECT_EQ(books.provider_net["EUR"], books.our_net["EUR"]);
  for (const char* list : {"/api/events?title_prefix=a&page_size=1", "/api/payments?page_size=1",
                           "/api/reservations?page_size=1&state=confirmed"}) {
    const Answer answer = shop.get(customer, list, position);
    EXPECT_EQ(answer.status, 200) << list << answer.body;
  }
  EXPECT_EQ(server.stop(), 0);
  EXPECT_THAT(server.output(), Not(HasSubstr("storage.insecure_transport")));
  EXPECT_THAT(tables_of(events), AllOf(HasSubstr("es_event "), Not(HasSubstr("events_view"))));
  EXPECT_THAT(tables_of(projections), AllOf(HasSubstr("events_view"), Not(HasSubstr("es_event ")),
                                            Not(HasSubstr("session"))));
  EXPECT_THAT(tables_of(auth), AllOf(HasSubstr("session"), Not(HasSubstr("events_view"))));
  ASSERT_TRUE(server.start()) << server.output();  // migrations that are there already
  Shop again(server.port());
  EXPECT_EQ(again.get(customer, "/api/payments", position).status, 200);
}

TEST(OnPostgresql, TheShopGoesOnAfterARestartOfTheDatabase) {
  const std::string database = postgres().fresh_database();  // both in one
  Server server(with_databases(database, database));
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string admin = shop.log_in("admin@example.com"),
                    customer = shop.log_in("buyer@example.com");
  const std::string event = shop.open_event(admin, {{"Hall", 1, 10, 1999}});
  buy(shop, customer, event, "R1-1");
  postgres().restart_immediate();
  const int64_t position = buy(shop, customer, event, "R1-2");
  Books books = read_books(shop, event, admin, {customer}, position);
  EXPECT_EQ(books.sold, 2);
  EXPECT_EQ(books.provider_net["EUR"], books.our_net["EUR"]);
}

TEST(OnPostgresql, AServerIsUnreadyWhileTheDatabaseOfItsLogIsAway) {
  Postgres database({.fsync = false});
  ServerOptions options;
  options.arguments = {"--set", "storage.events=" + database.fresh_database()};
  Server server(options);
  ASSERT_TRUE(server.start()) << server.output();
  Answer last;
  const auto becomes = [&](int status) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    do {
      last = server.client().get("/ready");
    } while (last.status != status && std::chrono::steady_clock::now() < deadline);
    return last.status == status;
  };
  ASSERT_TRUE(becomes(200)) << last.body;
  database.kill();
  EXPECT_TRUE(becomes(503)) << last.body;
  EXPECT_THAT(last.body, HasSubstr("event_store: unavailable"));
  database.start();
  EXPECT_TRUE(becomes(200)) << last.body;
}

TEST(OnPostgresql, ReadModelsOfAnotherLogAreNamedByTheirUrl) {
  const std::string url = postgres().fresh_database();
  Server first(with_databases(url, "sqlite:auth.db")),
      second(with_databases(url, "sqlite:auth.db"));
  ASSERT_TRUE(first.start()) << first.output();
  Shop shop(first.port());
  const std::string event = shop.open_event(shop.log_in("admin@example.com"), {{"Hall", 1, 2, 1}});
  ASSERT_NE(event, "");
  ASSERT_EQ(first.stop(), 0);
  ASSERT_TRUE(second.start()) << second.output();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (second.client().get("/ready").body.find("halted") == std::string::npos &&
         std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_THAT(second.output(),
              HasSubstr("/events.db that belongs to " + url + ", or make the read models anew"));
}

// The block of SQL after "Make the read models anew" in the how-to.
std::string sql_of_the_how_to() {
  std::ifstream in(Server::source_dir() + "/docs/howto/run_on_postgresql.md");
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  const size_t begin = page.find("```sql\n", page.find("**Make the read models anew.**")) + 7;
  return page.substr(begin, page.find("```", begin) - begin);
}

TEST(OnPostgresql, ReadModelsAreMadeAnewAsTheHowToSays) {
  const std::string url = postgres().fresh_database();
  ServerOptions options = with_databases(url, url);
  options.arguments.insert(options.arguments.end(), {"--set", "storage.events=" + url});
  Server server(options);
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string admin = shop.log_in("admin@example.com"),
                    customer = shop.log_in("buyer@example.com");
  const std::string event = shop.open_event(admin, {{"Hall", 1, 10, 1999}});
  const int64_t position = buy(shop, customer, event, "R1-1");
  ASSERT_EQ(server.stop(), 0);
  postgres().ask(url, sql_of_the_how_to());
  EXPECT_EQ(postgres().ask(url, "SELECT count(*) FROM payments_view"), "0");
  ASSERT_TRUE(server.start()) << server.output();
  Shop again(server.port());
  Books books = read_books(again, event, admin, {customer}, position);
  EXPECT_EQ(books.sold, 1);
  EXPECT_EQ(books.our_net["EUR"], 1999);
  EXPECT_EQ(books.provider_net["EUR"], 1999);
  const auto [code, report] = Server::run({"log", "verify", "--events", url, "--projections", url});
  EXPECT_EQ(code, 0) << report;
}

std::vector<std::string> lines_that_are_no_json(const std::string& output) {
  std::vector<std::string> other;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.front() != '{') other.push_back(line);
  }
  return other;
}

TEST(OnPostgresql, WhatTheDatabaseSaysAsItEndsIsNoLineAmongTheLog) {
  ServerOptions options;
  options.arguments = {"--set", "storage.events=" + postgres().fresh_database()};
  Server server(options);
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string admin = shop.log_in("admin@example.com");
  ASSERT_NE(shop.open_event(admin, {{"Hall", 1, 10, 1999}}), "");
  postgres().restart_immediate();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (shop.open_event(admin, {{"Hall", 1, 10, 1999}}).empty() &&
         std::chrono::steady_clock::now() < deadline) {
  }
  server.stop();
  EXPECT_THAT(lines_that_are_no_json(server.output()), testing::IsEmpty());
}

TEST(OnPostgresql, ADatabaseOfAnotherEncodingIsRefusedAtTheStart) {
  const std::string good = postgres().fresh_database();
  postgres().ask(good, "CREATE DATABASE latin1 TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
  const size_t name = good.find("@/") + 2;
  const std::string url = std::string(good).replace(name, good.find('?') - name, "latin1");
  for (const std::string place : {"events", "projections", "auth"}) {
    ServerOptions options;
    options.arguments = {"--set", join("storage.", place, "=", url)};
    Server server(options);
    EXPECT_FALSE(server.start()) << place;
    EXPECT_THAT(server.output(), AllOf(HasSubstr(join("storage.", place, ": ")),
                                       HasSubstr("is LATIN1"), HasSubstr("createdb -E UTF8")));
  }
  postgres().drop_database(url);
}

TEST(OnPostgresql, ALogThatMayForgetWhatWasAnsweredIsWarnedOfAtTheStart) {
  const auto told = [](const std::string& setting) {
    const std::string url = postgres().fresh_database();
    if (!setting.empty())
      postgres().ask(url, "ALTER DATABASE " +
                              url.substr(url.find("@/") + 2, url.find('?') - url.find("@/") - 2) +
                              " SET " + setting);
    ServerOptions options;
    options.arguments = {"--set", "storage.events=" + url};
    Server server(options);
    EXPECT_TRUE(server.start()) << server.output();
    return server.output();
  };
  EXPECT_THAT(told("synchronous_commit = off"),
              AllOf(HasSubstr("\"event\":\"storage.not_durable\""),
                    HasSubstr("synchronous_commit is off"), HasSubstr("\"level\":\"warn\"")));
  EXPECT_THAT(told("synchronous_commit = local"), Not(HasSubstr("storage.not_durable")));
  EXPECT_THAT(told(""), Not(HasSubstr("storage.not_durable")));
}

TEST(OnPostgresql, ALogOnAServerThatDoesNotWaitForItsDiskOrItsStandbyIsWarnedOf) {
  const auto told = [](const PostgresOptions& settings) {
    Postgres careless(settings);
    ServerOptions options;
    options.arguments = {"--set", "storage.events=" + careless.fresh_database()};
    Server server(options);
    EXPECT_TRUE(server.start()) << server.output();
    return server.output();
  };
  EXPECT_THAT(told({.fsync = false}), HasSubstr("fsync is off"));
  EXPECT_THAT(told({.settings = {"synchronous_standby_names=standby", "synchronous_commit=local"}}),
              HasSubstr("synchronous_commit is local"));
}

TEST(OnPostgresql, AServerThatCannotProveWhoItIsIsNotSpokenTo) {
  const std::string url = postgres().over_tcp(postgres().fresh_database());
  Server strict(with_databases("sqlite:read.db", url));
  EXPECT_FALSE(strict.start());
  EXPECT_THAT(strict.output(), HasSubstr("database 'auth': connect to PostgreSQL: "));
  const auto verify = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"log", "verify", "--events", url});
    return Server::run(more);
  };
  EXPECT_THAT(verify({}).second, HasSubstr("SSL"));
  EXPECT_THAT(verify({"--insecure-transport"}).second, HasSubstr("there is no event log in "));

  ServerOptions allowed = with_databases("sqlite:read.db", url);
  allowed.arguments.insert(allowed.arguments.end(),
                           {"--set", "storage.postgresql.insecure_transport=true"});
  Server insecure(allowed);
  ASSERT_TRUE(insecure.start()) << insecure.output();
  EXPECT_THAT(insecure.output(), HasSubstr("\"event\":\"storage.insecure_transport\""));
}

TEST(OnPostgresql, AServerThatProvesWhoItIsIsSpokenToOverTlsOnly) {
  Postgres proves({.fsync = false, .tls_name = "localhost"});
  const std::string database = proves.fresh_database();
  const auto everywhere = [&](const std::string& host, const std::string& authority) {
    const std::string url = join(proves.over_tcp(database, host), "?sslrootcert=", authority);
    ServerOptions options = with_databases(url, url);
    options.arguments.insert(options.arguments.end(), {"--set", "storage.events=" + url});
    return options;
  };
  Server server(everywhere("localhost", proves.authority()));
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string admin = shop.log_in("admin@example.com"),
                    customer = shop.log_in("buyer@example.com");
  const std::string event = shop.open_event(admin, {{"Hall", 1, 10, 1999}});
  const int64_t position = buy(shop, customer, event, "R1-1");
  EXPECT_EQ(shop.get(customer, "/api/payments", position).status, 200);
  EXPECT_THAT(server.output(), Not(HasSubstr("storage.insecure_transport")));
  const std::string ours =
      "FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
      " WHERE application_name = 'gantry'";
  EXPECT_NE(proves.ask(database, "SELECT count(*) " + ours), "0");
  EXPECT_EQ(proves.ask(database, "SELECT count(*) " + ours + " AND NOT ssl"), "0");

  // The same certificate, but for another name; and one that nobody vouches for.
  Server other_name(everywhere("127.0.0.1", proves.authority()));
  EXPECT_FALSE(other_name.start());
  EXPECT_THAT(other_name.output(), HasSubstr("does not match host name \"127.0.0.1\""));
  const Postgres somebody({.fsync = false, .tls_name = "localhost"});
  Server other_authority(everywhere("localhost", somebody.authority()));
  EXPECT_FALSE(other_authority.start());
  EXPECT_THAT(other_authority.output(), HasSubstr("certificate verify failed"));
}

TEST(OnPostgresql, ACheckFindsWeakTransportWithoutConnectingAndWithoutShowingThePassword) {
  const auto check = [](const std::string& url) {
    return Server::run({"check", "--config", Server::source_dir() + "/config/gantry.yaml", "--set",
                        "storage.auth=" + url});
  };
  const auto [weak, words] = check("postgresql://u:geheim@db.invalid/x?sslmode=require");
  EXPECT_EQ(weak, 2);
  EXPECT_THAT(words, HasSubstr("storage.auth: sslmode=require does not prove who answers"));
  EXPECT_THAT(words, Not(HasSubstr("geheim")));

  const auto [unreadable, reason] = check("postgresql://u:geheim@db.invalid/x?sslmod=require");
  EXPECT_EQ(unreadable, 2);
  EXPECT_THAT(reason, HasSubstr("storage.auth: no URL that libpq can read"));
  EXPECT_THAT(reason, Not(HasSubstr("geheim")));

  const auto [bare, advice] = check("postgresql://u:gehe@im/x:y@db.invalid/x");
  EXPECT_EQ(bare, 2);
  EXPECT_THAT(advice, HasSubstr("storage.auth: user name and password must be percent-encoded"));
  EXPECT_THAT(advice, AllOf(Not(HasSubstr("gehe")), Not(HasSubstr("im/x"))));

  EXPECT_EQ(check("postgresql://u:geheim@db.invalid/x").first, 0);
}

}  // namespace
}  // namespace gantry::tests
