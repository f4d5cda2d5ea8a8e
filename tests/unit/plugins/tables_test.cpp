// The tables as a plugin calls them; those of the log and of SQL have files of their own.
#include "tests/unit/plugins/tables.hpp"

namespace gantry::plugins {
namespace {
using runtime::ThreadKind;
using runtime::ThreadTag;

TEST_F(TablesTest, AreOnlyThoseTheManifestAsksFor) {
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

TEST_F(TablesTest, TellThePluginWhoItIs) {
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

TEST_F(TablesTest, ReadTheConfiguration) {
  const auto& config = table<gantry_config>(GANTRY_CONFIG_ID);
  const auto& json = table<gantry_json>(GANTRY_JSON_ID);
  int64_t limit = 0;
  const auto* node = json.member(json.self, config.section(config.self), abi("limit"));
  EXPECT_EQ(json.integer(json.self, node, &limit), GANTRY_OK);
  EXPECT_EQ(limit, 3);
  EXPECT_THROW(Context(bench_.ports, asking_for_all(), "[1]", series_), Error);
}

TEST_F(TablesTest, ParseJsonIntoDocumentsOnLoan) {
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

TEST_F(TablesTest, DoNotBlockAnEventLoop) {
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

TEST_F(TablesTest, LabelMetricsWithThePluginAndKeepHandles) {
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

TEST_F(TablesTest, WriteLogLinesInThePluginsName) {
  bench_.log.set_level(observe::Level::kInfo);
  const auto& logger = table<gantry_logger>(GANTRY_LOGGER_ID);
  const gantry_log_field field{abi("order"), abi("7")};
  logger.write(logger.self, GANTRY_WARN, abi("acme.slow"), abi("It is slow"), &field, 1);
  logger.write(logger.self, GANTRY_DEBUG, abi("acme.detail"), abi("Not wanted"), nullptr, 0);
  EXPECT_EQ(bench_.log.count("acme.slow It is slow plugin=acme order=7"), 1u);
  EXPECT_EQ(bench_.log.count("acme.detail"), 0u);
  EXPECT_EQ(logger.enabled(logger.self, GANTRY_DEBUG), 0u);
}

TEST_F(TablesTest, TurnWhatTheHostThrowsIntoInternal) {
  const auto& http = table<gantry_http>(GANTRY_HTTP_ID);
  EXPECT_EQ(http.answer(http.self, 3, 200, abi("text/plain"), abi("hi")), GANTRY_OK);
  EXPECT_EQ(http.answer(http.self, 0, 200, abi("text/plain"), abi("hi")), GANTRY_INTERNAL);
  EXPECT_EQ(bench_.log.count("plugin.table_failed"), 1u);
  EXPECT_EQ(http.resume(http.self, 3, GANTRY_DONE), GANTRY_STALE);
  EXPECT_EQ(http.answer_header(http.self, 3, abi("x"), &why_), GANTRY_OK);
  EXPECT_EQ(text_, "yes");
}

TEST_F(TablesTest, LendServicesAndCountBorrowers) {
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

TEST_F(TablesTest, AnswerStaleOnceThePluginIsGone) {
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

TEST_F(TablesTest, RefuseHandlesOfAnotherKind) {
  const gantry_handle handle = unit();
  EXPECT_EQ(exec(handle, "SELECT 1"), GANTRY_STALE);
  for (const gantry_handle made_up :
       {gantry_handle{0}, gantry_handle{1}, ~gantry_handle{0}, handle + 1, handle + (1u << 24)}) {
    EXPECT_EQ(append(made_up, "thing-1"), GANTRY_STALE);
  }
}

TEST_F(TablesTest, BoundWhatOnePluginHolds) {
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

TEST_F(TablesTest, ShowHealth) {
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
