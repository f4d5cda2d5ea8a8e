// The tables as a plugin calls them.
#include "core/plugins/context.hpp"

#include "core/plugins/adapters.hpp"
#include "core/runtime/thread_tag.hpp"
#include "gantry/guard.hpp"
#include "tests/unit/plugins/fakes.hpp"

namespace gantry::plugins {
namespace {
using runtime::ThreadKind;
using runtime::ThreadTag;

constexpr std::string_view kAll[] = {
    GANTRY_CLOCK_ID,    GANTRY_CONFIG_ID, GANTRY_HEALTH_ID, GANTRY_HTTP_ID,   GANTRY_IDS_ID,
    GANTRY_JSON_ID,     GANTRY_KV_ID,     GANTRY_LOG_ID,    GANTRY_LOGGER_ID, GANTRY_METRICS_ID,
    GANTRY_SERVICES_ID, GANTRY_SQL_ID,    GANTRY_TIMERS_ID};

Manifest asking_for_all() {
  Manifest manifest;
  manifest.id = "acme";
  for (const auto id : kAll) manifest.needs.push_back({std::string(id), 0});
  return manifest;
}

class Tables : public testing::Test {
 public:
  Tables() { bench_.event_types.add({log::declared_type("acme.noted.v1", kAnything)}); }
  template <class Table>
  const Table& table(std::string_view id) {
    return *static_cast<const Table*>(context_.host().get(context_.host().self, abi(id)));
  }
  const gantry_log& log() { return table<gantry_log>(GANTRY_LOG_ID); }
  const gantry_sql& sql() { return table<gantry_sql>(GANTRY_SQL_ID); }
  gantry_handle unit() {
    const gantry_uuid command{};
    gantry_handle unit = 0;
    EXPECT_EQ(log().begin(log().self, &command, abi("{}"), &unit), GANTRY_OK);
    return unit;
  }
  gantry_rc append(gantry_handle unit, std::string_view stream, uint32_t count = 1,
                   std::string_view data = "{}") {
    const std::vector<gantry_new_event> events(count, {abi("acme.noted.v1"), abi(data)});
    return append_at(unit, stream, GANTRY_ANY, events);
  }
  gantry_rc append_at(gantry_handle unit, std::string_view stream, int64_t expected,
                      const std::vector<gantry_new_event>& events) {
    return log().append(log().self, unit, abi(stream), expected, nullptr, events.data(),
                        static_cast<uint32_t>(events.size()), &last_, &why_);
  }
  gantry_rc exec(gantry_handle session, std::string_view statement) {
    return sql().exec(sql().self, session, abi(statement), nullptr, 0, nullptr, &why_);
  }
  gantry_handle session(uint32_t writing) {
    gantry_handle session = 0;
    EXPECT_EQ(sql().open(sql().self, abi("projections"), writing, &session, &why_), GANTRY_OK);
    return session;
  }

  Bench bench_;
  SeriesTable series_{"acme", bench_.metrics, 4};
  Context context_{bench_.ports, asking_for_all(), R"({"limit":3})", series_};
  gantry_uuid last_{};
  std::string text_;
  gantry_sink why_{&text_, [](void* self, gantry_str bytes) noexcept {
                     static_cast<std::string*>(self)->append(bytes.data, bytes.size);
                   }};
};

TEST_F(Tables, AreOnlyThoseTheManifestAsksFor) {
  for (const auto id : kAll) {
    const auto* size = static_cast<const uint32_t*>(context_.table(id));
    ASSERT_NE(size, nullptr) << id;
    EXPECT_GT(*size, 16u) << id;
  }
  EXPECT_EQ(context_.table("gantry.warp/1"), nullptr);
  Manifest modest;
  modest.id = "modest";
  modest.wants.push_back({GANTRY_CLOCK_ID, 0});
  const Context other(bench_.ports, modest, "{}", series_);
  EXPECT_NE(other.table(GANTRY_CLOCK_ID), nullptr);
  EXPECT_EQ(other.table(GANTRY_LOG_ID), nullptr);
}

TEST_F(Tables, TellThePluginWhoItIs) {
  const gantry_host& host = context_.host();
  EXPECT_EQ(view(host.plugin_id(host.self)), "acme");
  EXPECT_EQ(view(host.version(host.self)), "0.1.0");
  const auto& clock = table<gantry_clock>(GANTRY_CLOCK_ID);
  EXPECT_EQ(clock.now(clock.self), 42);  // the log's
  const auto& ids = table<gantry_ids>(GANTRY_IDS_ID);
  gantry_uuid first, second;
  ids.uuid7(ids.self, &first);
  ids.uuid7(ids.self, &second);
  EXPECT_NE(Uuid(first), Uuid(second));
}

TEST_F(Tables, ReadTheConfiguration) {
  const auto& config = table<gantry_config>(GANTRY_CONFIG_ID);
  const auto& json = table<gantry_json>(GANTRY_JSON_ID);
  int64_t limit = 0;
  const auto* node = json.member(json.self, config.section(config.self), abi("limit"));
  EXPECT_EQ(json.integer(json.self, node, &limit), GANTRY_OK);
  EXPECT_EQ(limit, 3);
  EXPECT_THROW(Context(bench_.ports, asking_for_all(), "[1]", series_), Error);
}

TEST_F(Tables, ParseJsonIntoDocumentsOnLoan) {
  const auto& json = table<gantry_json>(GANTRY_JSON_ID);
  gantry_handle document = 0;
  const gantry_json_node* root = nullptr;
  ASSERT_EQ(json.parse(json.self, abi(R"({"a":[1,2.5,"x",true]})"), &document, &root, &why_),
            GANTRY_OK);
  gantry_str name{};
  const auto* list = json.at(json.self, root, 0, &name);
  EXPECT_EQ(view(name), "a");
  EXPECT_EQ(json.count(json.self, list), 4u);
  gantry_str word{};
  double number = 0;
  uint32_t yes = 0;
  EXPECT_EQ(json.text(json.self, json.at(json.self, list, 2, nullptr), &word), GANTRY_OK);
  EXPECT_EQ(json.number(json.self, json.at(json.self, list, 1, nullptr), &number), GANTRY_OK);
  EXPECT_EQ(json.boolean(json.self, json.at(json.self, list, 3, nullptr), &yes), GANTRY_OK);
  EXPECT_EQ(json.text(json.self, list, &word), GANTRY_INVALID);
  json.write(json.self, root, &why_);
  EXPECT_EQ(text_, R"({"a":[1,2.5,"x",true]})");
  json.free(json.self, document);
  json.free(json.self, document);
  EXPECT_EQ(json.parse(json.self, abi("{"), &document, &root, &why_), GANTRY_INVALID);
}

TEST_F(Tables, CollectAUnitAndCommitItWhole) {
  const auto& timers = table<gantry_timers>(GANTRY_TIMERS_ID);
  const gantry_handle handle = unit();
  EXPECT_EQ(append(handle, "thing-1", 2), GANTRY_OK);
  EXPECT_EQ(append(handle, "thing-2", 0), GANTRY_OK);
  EXPECT_EQ(timers.set(timers.self, handle, abi("thing-1"), abi("expiry"), 99, abi("")), GANTRY_OK);
  EXPECT_EQ(timers.cancel(timers.self, handle, abi("thing-1"), abi("other")), GANTRY_OK);
  EXPECT_EQ(timers.set(timers.self, handle, abi(""), abi("expiry"), 99, abi("")), GANTRY_INVALID);
  EXPECT_EQ(log().answer(log().self, handle, 7), GANTRY_OK);
  gantry_outcome outcome{};
  outcome.size = sizeof outcome;
  EXPECT_EQ(log().commit_wait(log().self, handle, &outcome, &why_), GANTRY_OK);
  EXPECT_EQ(outcome.last, 2);
  const log::Unit& unit = bench_.events.units.at(0);
  EXPECT_EQ(unit.appends.size(), 2u);
  EXPECT_EQ(unit.timers_set.at(0).payload, "{}");
  EXPECT_EQ(unit.timers_cancelled.size(), 1u);
  EXPECT_EQ(unit.answer->scope, "scope");
  EXPECT_EQ(log().commit_wait(log().self, handle, &outcome, &why_), GANTRY_STALE);
}

TEST_F(Tables, RefuseAWrongAppendWithASentence) {
  const gantry_handle handle = unit();
  EXPECT_EQ(append(handle, "thing-1"), GANTRY_OK);
  EXPECT_EQ(append_at(handle, "thing-1", 7, {}), GANTRY_INVALID);
  EXPECT_THAT(text_, testing::HasSubstr("thing-1 is in this unit already, expected otherwise"));
  EXPECT_EQ(append(handle, ""), GANTRY_INVALID);
  EXPECT_EQ(append(handle, std::string(513, 's')), GANTRY_INVALID);
  EXPECT_EQ(append(handle, "thing-2", 1, std::string(262145, 'x')), GANTRY_INVALID);
  EXPECT_EQ(append(handle, "thing-2", 1, ""), GANTRY_INVALID);
  EXPECT_EQ(append(handle, "thing-3", 1000), GANTRY_EXHAUSTED);
  log().drop(log().self, handle);
  EXPECT_EQ(append(handle, "thing-4"), GANTRY_STALE);
}

TEST_F(Tables, MakeAnAppendOfACheckAndTellTheIdOfItsLastEvent) {
  const std::vector<gantry_new_event> one{{abi("acme.noted.v1"), abi("{}")}};
  const gantry_handle handle = unit();
  EXPECT_EQ(append_at(handle, "thing-1", 5, {}), GANTRY_OK);
  EXPECT_EQ(append_at(handle, "thing-2", 3, one), GANTRY_OK);
  EXPECT_EQ(append_at(handle, "thing-3", 3, {}), GANTRY_OK);
  EXPECT_EQ(append_at(handle, "thing-2", 3, one), GANTRY_OK);
  EXPECT_EQ(Uuid(last_), uuid5(Uuid(), "1"));
  EXPECT_EQ(append_at(handle, "thing-1", 5, one), GANTRY_OK);
  EXPECT_EQ(Uuid(last_), uuid5(Uuid(), "2"));
  EXPECT_EQ(append_at(handle, "thing-2", 3, one),
            GANTRY_INVALID);  // would change the id of another
  EXPECT_EQ(append_at(handle, "thing-1", 6, one), GANTRY_CONFLICT);
  EXPECT_EQ(log().commit_wait(log().self, handle, nullptr, &why_), GANTRY_OK);
  std::string order;
  for (const auto& one_stream : bench_.events.units.at(0).appends)
    order += join(one_stream.stream, ":", one_stream.events.size(), " ");
  EXPECT_EQ(order, "thing-3:0 thing-2:2 thing-1:1 ");
}

TEST_F(Tables, RefuseEventsThatAreNotRegisteredOrNotAsTheirSchemaSays) {
  const auto said = [&](std::string_view type, std::string_view data) {
    text_.clear();
    const gantry_new_event event{abi(type), abi(data)};
    EXPECT_EQ(append_at(unit(), "thing-1", GANTRY_ANY, {event}), GANTRY_INVALID);
    return text_;
  };
  EXPECT_EQ(said("acme.dropped.v1", "{}"),
            "event type acme.dropped.v1 is not registered; declare it in the plan of acme");
  EXPECT_THAT(said("acme.noted.v2", "{}"), testing::HasSubstr("is not registered"));
  EXPECT_EQ(said("acme.noted.v1", "[]"), "the data of acme.noted.v1 is no JSON object");
}

// thing.made.v1, which is what the log has, becomes thing.made.v2 for everybody.
log::DeclaredType second_version_of_thing_made() {
  return log::declared_type("thing.made.v2", kAnything,
                            [](std::string_view) { return std::string(R"({"second":true})"); });
}

TEST_F(Tables, ShowEventsInTheirCurrentVersion) {
  bench_.event_types.add(
      {log::declared_type("thing.made.v1", kAnything), second_version_of_thing_made()});
  const auto look = [](void* state, const gantry_event* event) -> uint32_t {
    *static_cast<std::string*>(state) += join(view(event->type), view(event->data), ' ');
    return 1;
  };
  std::string seen;
  EXPECT_EQ(log().read(log().self, 0, 10, &seen, look, &why_), GANTRY_OK);
  EXPECT_EQ(log().read_stream(log().self, abi("thing-1"), 0, 10, &seen, look, &why_), GANTRY_OK);
  EXPECT_EQ(seen, R"(thing.made.v2{"second":true} thing.made.v2{"second":true} )");
}

TEST_F(Tables, NeverLeaveOutAnEventOfAnUnknownType) {
  bench_.events.type = "lost.thing_done.v1";
  int events = 0;
  const auto count = [](void* state, const gantry_event*) -> uint32_t {
    ++*static_cast<int*>(state);
    return 1;
  };
  EXPECT_EQ(log().read(log().self, 0, 10, &events, count, &why_), GANTRY_UNAVAILABLE);
  EXPECT_EQ(text_, "no plugin has registered event type lost.thing_done.v1; enable lost");
  EXPECT_EQ(log().read_stream(log().self, abi("thing-1"), 0, 10, &events, count, &why_),
            GANTRY_UNAVAILABLE);
  EXPECT_EQ(events, 0);
}

// What a plugin's subscription was given.
gantry_rc hear(void* self, const gantry_event* event, const gantry_sink*) noexcept {
  *static_cast<std::string*>(self) = join(view(event->type), view(event->data));
  return GANTRY_OK;
}

TEST_F(Tables, DeliverEventsInTheirCurrentVersionOrNotAtAll) {
  bench_.event_types.add(
      {log::declared_type("thing.made.v1", kAnything), second_version_of_thing_made()});
  std::string heard;
  const gantry_str streams[] = {abi("thing-*")};
  gantry_subscription declared{};
  declared.name = abi("acme.listen");
  declared.streams = streams;
  declared.stream_count = 1;
  declared.self = &heard;
  declared.handle = hear;
  const auto process = process_of(declared, context_);
  process.handle(FakeEvents::event("thing-1"));
  EXPECT_EQ(heard, R"(thing.made.v2{"second":true})");
  log::Event unknown = FakeEvents::event("thing-1");
  unknown.type = "lost.thing_done.v1";
  EXPECT_THROW(process.handle(unknown), log::UnknownType);
}

TEST_F(Tables, DoNotCallAnUpcasterWhoseGenerationIsGone) {
  gantry_event_type declared{};
  declared.upcast = [](void*, gantry_str data, const gantry_sink* out,
                       const gantry_sink*) noexcept -> gantry_rc {
    out->write(out->self, data);
    return GANTRY_OK;
  };
  const log::Upcast upcast = upcast_of(declared, context_);
  EXPECT_EQ(upcast("{}"), "{}");
  context_.upcasts->close();
  try {
    upcast("{}");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUnavailable);
    EXPECT_EQ(error.detail(), "the plugin acme, which upcasts this event, is switched off");
  }
}

TEST_F(Tables, CallBackOnceAfterACommitAndCountThoseUnderWay) {
  bench_.events.hold = true;
  const gantry_handle handle = unit();
  EXPECT_EQ(append(handle, "thing-1"), GANTRY_OK);
  int calls = 0;
  EXPECT_EQ(log().commit(log().self, handle, &calls,
                         [](void* state, const gantry_outcome* outcome) {
                           *static_cast<int*>(state) += outcome->rc == GANTRY_OK ? 1 : 100;
                         }),
            GANTRY_OK);
  EXPECT_EQ(context_.commits.count(), 1u);
  bench_.events.release();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(context_.commits.count(), 0u);
}

TEST_F(Tables, ReadTheLog) {
  const auto count = [](void* state, const gantry_event* event) -> uint32_t {
    EXPECT_EQ(view(event->stream), "thing-1");
    ++*static_cast<int*>(state);
    return 1;
  };
  int events = 0;
  EXPECT_EQ(log().read(log().self, 0, 5000, &events, count, &why_), GANTRY_OK);
  EXPECT_EQ(log().read_stream(log().self, abi("thing-1"), 0, 10, &events, count, &why_), GANTRY_OK);
  EXPECT_EQ(events, 2);
  const gantry_uuid id{};
  EXPECT_EQ(log().find(log().self, &id, &events, count, &why_), GANTRY_NOT_FOUND);
  EXPECT_EQ(log().head(log().self), 1);
}

TEST_F(Tables, DoNotBlockAnEventLoop) {
  const ThreadTag tag(ThreadKind::kIo);
  gantry_outcome outcome{};
  int state = 0;
  const auto visit = [](void*, const gantry_event*) -> uint32_t { return 0; };
  gantry_handle session = 0;
  EXPECT_EQ(log().commit_wait(log().self, unit(), &outcome, &why_), GANTRY_DENIED);
  EXPECT_EQ(log().read(log().self, 0, 1, &state, visit, &why_), GANTRY_DENIED);
  EXPECT_EQ(log().read_stream(log().self, abi("a"), 0, 1, &state, visit, &why_), GANTRY_DENIED);
  EXPECT_EQ(sql().open(sql().self, abi("projections"), 0, &session, &why_), GANTRY_DENIED);
  EXPECT_THAT(text_, testing::HasSubstr("call it on a worker"));
}

TEST_F(Tables, LendSessionsAndRollBackWhatIsNotCommitted) {
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

TEST_F(Tables, KeepTransactionsInTheHostsHands) {
  const gantry_handle writer = session(1);
  for (const char* statement : {"BEGIN", "  commit", "Rollback;", "PRAGMA x", "ATTACH 'a' AS b"})
    EXPECT_EQ(exec(writer, statement), GANTRY_DENIED) << statement;
  EXPECT_EQ(exec(writer, "CREATE TABLE begins (n)"), GANTRY_OK);
  sql().close(sql().self, writer);
  gantry_handle none = 0;
  EXPECT_EQ(sql().open(sql().self, abi("events"), 1, &none, &why_), GANTRY_NOT_FOUND);
}

TEST_F(Tables, GiveOneSessionToOneThreadAtATime) {
  const gantry_handle reader = session(0);
  struct State {
    Tables* test;
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

TEST_F(Tables, LendAProjectionItsSessionForOneEvent) {
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

TEST_F(Tables, LabelMetricsWithThePluginAndKeepHandles) {
  const auto& metrics = table<gantry_metrics>(GANTRY_METRICS_ID);
  gantry_handle first = 0, again = 0;
  const gantry_str labels[] = {abi("kind=x")};
  EXPECT_EQ(metrics.series(metrics.self, GANTRY_COUNTER, abi("acme_things_total"), abi("Things"),
                           labels, 1, &first),
            GANTRY_OK);
  EXPECT_EQ(metrics.series(metrics.self, GANTRY_COUNTER, abi("acme_things_total"), abi("Things"),
                           labels, 1, &again),
            GANTRY_OK);
  EXPECT_EQ(first, again);
  metrics.record(metrics.self, first, 2);
  metrics.record(metrics.self, 12345, 2);
  EXPECT_THAT(bench_.metrics.text(),
              testing::HasSubstr(R"(acme_things_total{kind="x",plugin="acme"} 2)"));
  const gantry_str wrong[] = {abi("no-value"), abi("plugin=evil")};
  EXPECT_EQ(metrics.series(metrics.self, GANTRY_GAUGE, abi("a"), abi("h"), wrong, 1, &first),
            GANTRY_INVALID);
  EXPECT_EQ(metrics.series(metrics.self, GANTRY_GAUGE, abi("a"), abi("h"), wrong + 1, 1, &first),
            GANTRY_INVALID);
  EXPECT_EQ(metrics.series(metrics.self, 77, abi("a"), abi("h"), nullptr, 0, &first),
            GANTRY_INVALID);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(metrics.series(metrics.self, GANTRY_GAUGE, abi(join("acme_g", i)), abi("h"), nullptr,
                             0, &first),
              GANTRY_OK);
  }
  EXPECT_EQ(
      metrics.series(metrics.self, GANTRY_HISTOGRAM, abi("more"), abi("h"), nullptr, 0, &first),
      GANTRY_EXHAUSTED);
}

TEST_F(Tables, WriteLogLinesInThePluginsName) {
  bench_.log.set_level(observe::Level::kInfo);
  const auto& logger = table<gantry_logger>(GANTRY_LOGGER_ID);
  const gantry_log_field field{abi("order"), abi("7")};
  logger.write(logger.self, GANTRY_WARN, abi("acme.slow"), abi("It is slow"), &field, 1);
  logger.write(logger.self, GANTRY_DEBUG, abi("acme.detail"), abi("Not wanted"), nullptr, 0);
  EXPECT_EQ(bench_.log.count("acme.slow It is slow plugin=acme order=7"), 1u);
  EXPECT_EQ(bench_.log.count("acme.detail"), 0u);
  EXPECT_EQ(logger.enabled(logger.self, GANTRY_DEBUG), 0u);
}

TEST_F(Tables, TurnWhatTheHostThrowsIntoInternal) {
  const auto& http = table<gantry_http>(GANTRY_HTTP_ID);
  EXPECT_EQ(http.answer(http.self, 3, 200, abi("text/plain"), abi("hi")), GANTRY_OK);
  EXPECT_EQ(http.answer(http.self, 0, 200, abi("text/plain"), abi("hi")), GANTRY_INTERNAL);
  EXPECT_EQ(bench_.log.count("plugin.table_failed"), 1u);
  EXPECT_EQ(http.resume(http.self, 3, GANTRY_DONE), GANTRY_STALE);
  EXPECT_EQ(http.answer_header(http.self, 3, abi("x"), &why_), GANTRY_OK);
  EXPECT_EQ(text_, "yes");
}

TEST_F(Tables, LendServicesAndCountBorrowers) {
  const auto& services = table<gantry_services>(GANTRY_SERVICES_ID);
  Holders holders;
  const int offered = 1;
  const void* found = nullptr;
  gantry_handle lease = 0;
  EXPECT_EQ(services.acquire(services.self, abi("a.b/1"), &found, &lease, &why_),
            GANTRY_UNAVAILABLE);
  bench_.services.offer("b", {{"a.b/1", &offered}}, holders);
  ASSERT_EQ(services.acquire(services.self, abi("a.b/1"), &found, &lease, &why_), GANTRY_OK);
  EXPECT_EQ(found, &offered);
  bench_.services.withdraw("b");
  EXPECT_EQ(holders.count(), 1u);
  EXPECT_FALSE(holders.wait_none(std::chrono::steady_clock::now()));
  services.release(services.self, lease);
  services.release(services.self, lease);
  EXPECT_EQ(holders.count(), 0u);
  EXPECT_EQ(services.acquire(services.self, abi("a.b/1"), &found, &lease, &why_),
            GANTRY_UNAVAILABLE);
}

TEST_F(Tables, AnswerStaleOnceThePluginIsGone) {
  const gantry_handle handle = unit();
  const gantry_handle reader = session(0);
  Holders holders;
  const int offered = 1;
  bench_.services.offer("b", {{"a.b/1", &offered}}, holders);
  const auto& services = table<gantry_services>(GANTRY_SERVICES_ID);
  const void* found = nullptr;
  gantry_handle lease = 0;
  services.acquire(services.self, abi("a.b/1"), &found, &lease, &why_);
  EXPECT_EQ(context_.close(), 3u);
  EXPECT_EQ(holders.count(), 0u);
  EXPECT_EQ(append(handle, "thing-1"), GANTRY_STALE);
  EXPECT_EQ(exec(reader, "SELECT 1"), GANTRY_STALE);
  const auto& kv = table<gantry_kv>(GANTRY_KV_ID);
  EXPECT_EQ(kv.put(kv.self, abi("k"), abi("v"), 1), GANTRY_STALE);
  EXPECT_NE(bench_.projections->reader(), nullptr);
  const auto& config = table<gantry_config>(GANTRY_CONFIG_ID);
  EXPECT_EQ(config.section(config.self), nullptr);
}

TEST_F(Tables, RefuseHandlesOfAnotherKind) {
  const gantry_handle handle = unit();
  EXPECT_EQ(exec(handle, "SELECT 1"), GANTRY_STALE);
  for (const gantry_handle made_up :
       {gantry_handle{0}, gantry_handle{1}, ~gantry_handle{0}, handle + 1, handle + (1u << 24)}) {
    EXPECT_EQ(append(made_up, "thing-1"), GANTRY_STALE);
  }
}

TEST_F(Tables, BoundWhatOnePluginHolds) {
  Ports small = bench_.ports;
  small.bounds.units_max = 2;
  Context context(small, asking_for_all(), "{}", series_);
  const auto& log = *static_cast<const gantry_log*>(context.table(GANTRY_LOG_ID));
  const gantry_uuid command{};
  gantry_handle a = 0, b = 0, c = 0;
  EXPECT_EQ(log.begin(log.self, &command, abi("{}"), &a), GANTRY_OK);
  EXPECT_EQ(log.begin(log.self, &command, abi("{}"), &b), GANTRY_OK);
  EXPECT_EQ(log.begin(log.self, &command, abi("{}"), &c), GANTRY_EXHAUSTED);
  log.drop(log.self, a);
  EXPECT_EQ(log.begin(log.self, &command, abi("{}"), &c), GANTRY_OK);
  EXPECT_NE(a, c);
}

TEST_F(Tables, ShowHealth) {
  const auto& health = table<gantry_health>(GANTRY_HEALTH_ID);
  EXPECT_EQ(health.live(health.self), 1u);
  EXPECT_EQ(health.ready(health.self, &why_), 1u);
  bench_.health.block("starting", "starting");
  EXPECT_EQ(health.ready(health.self, &why_), 0u);
  EXPECT_EQ(text_, "starting");
  bench_.clock.advance_ms(70);
  EXPECT_EQ(health.uptime_ms(health.self), 70u);
}

}  // namespace
}  // namespace gantry::plugins
