// What a plan refuses by itself, as a plugin sees it.
#include "core/plugins/plan.hpp"

#include "tests/unit/plugins/fakes.hpp"

namespace gantry::plugins {
namespace {
using testing::HasSubstr;

Manifest acme() {
  Manifest manifest;
  manifest.id = "acme";
  manifest.provides = {"acme.mail/1"};
  manifest.service_needs = {"gantry.bank/1"};
  return manifest;
}

uint32_t answers(void*, gantry_handle, const gantry_request*) noexcept { return GANTRY_DONE; }
gantry_rc hears(void*, const gantry_event*, const gantry_sink*) noexcept { return GANTRY_OK; }
gantry_rc applies(void*, const gantry_event*, gantry_handle, const gantry_sink*) noexcept {
  return GANTRY_OK;
}
gantry_rc upcasts(void*, gantry_str data, const gantry_sink* out, const gantry_sink*) noexcept {
  out->write(out->self, data);
  return GANTRY_OK;
}
gantry_rc checks(void*, const gantry_sink*) noexcept { return GANTRY_OK; }

struct Plans : testing::Test {
  Plans() {
    route_.size = sizeof route_;
    route_.access = GANTRY_ACCESS_PUBLIC;
    route_.method = abi("GET");
    route_.pattern = abi("/things/{id:uuid}");
    route_.chain = abi("public");
    route_.handle = answers;
    middleware_.size = sizeof middleware_;
    middleware_.name = abi("acme_filter");
    middleware_.phase = abi("admit");
    middleware_.on_request = answers;
    subscription_.size = sizeof subscription_;
    subscription_.name = abi("acme.listen");
    subscription_.streams = &stream_;
    subscription_.stream_count = 1;
    subscription_.handle = hears;
    projection_.size = sizeof projection_;
    projection_.version = 1;
    projection_.name = abi("acme.rows");
    projection_.database = abi("projections");
    projection_.streams = &stream_;
    projection_.stream_count = 1;
    projection_.apply = applies;
    migration_.size = sizeof migration_;
    migration_.number = 1;
    migration_.database = abi("projections");
    migration_.engine = abi("sqlite");
    migration_.name = abi("rows");
    migration_.sql = abi("CREATE TABLE rows (n)");
    type_.size = sizeof type_;
    type_.type = abi("acme.noted.v1");
    type_.schema = abi(kAnything);
    check_.size = sizeof check_;
    check_.timeout_ms = 100;
    check_.name = abi("acme_up");
    check_.check = checks;
  }

  // What the function of the table says: "" when it takes the entry.
  template <class F, class Entry>
  std::string said(F function, const Entry& entry) {
    text_.clear();
    const gantry_rc rc = function(table().self, &entry, &why_);
    EXPECT_EQ(rc == GANTRY_OK, text_.empty()) << rc << " " << text_;
    return text_;
  }
  const gantry_plan& table() { return plan_.table(); }

  Bench bench_;
  SeriesTable series_{"acme", bench_.metrics, 4};
  Context context_{bench_.ports, acme(), "{}", series_};
  Plan plan_{context_, std::make_shared<pipeline::Owner>("acme")};
  std::string text_;
  gantry_sink why_{&text_, [](void* self, gantry_str bytes) noexcept {
                     static_cast<std::string*>(self)->append(bytes.data, bytes.size);
                   }};
  gantry_str stream_ = abi("thing-*");
  gantry_route route_{};
  gantry_middleware middleware_{};
  gantry_subscription subscription_{};
  gantry_projection projection_{};
  gantry_migration migration_{};
  gantry_health_check check_{};
  gantry_event_type type_{};
};

TEST_F(Plans, TakeWhatIsWellFormedAndCopyIt) {
  EXPECT_EQ(said(table().route, route_), "");
  EXPECT_EQ(said(table().middleware, middleware_), "");
  EXPECT_EQ(said(table().subscribe, subscription_), "");
  EXPECT_EQ(said(table().projection, projection_), "");
  EXPECT_EQ(said(table().migration, migration_), "");
  EXPECT_EQ(said(table().health_check, check_), "");
  const int mail = 1;
  EXPECT_EQ(table().provide(table().self, abi("acme.mail/1"), &mail, &why_), GANTRY_OK);
  EXPECT_EQ(table().need(table().self, abi("gantry.post/1"), &why_), GANTRY_OK);
  const Prepared prepared = plan_.take();
  EXPECT_EQ(prepared.contribution.routes.at(0).pattern, "/things/{id:uuid}");
  EXPECT_EQ(prepared.contribution.middleware.at(0).phase, "admit");
  EXPECT_EQ(prepared.contribution.provides, std::vector<std::string>{"acme.mail/1"});
  EXPECT_EQ(prepared.contribution.needs,
            (std::vector<std::string>{"gantry.bank/1", "gantry.post/1"}));
  EXPECT_EQ(prepared.processes.at(0).filter.streams, std::vector<std::string>{"thing-*"});
  EXPECT_EQ(prepared.projections.at(0).database, "projections");
  EXPECT_EQ(prepared.migrations.at(0).migration.owner, "acme");
  EXPECT_EQ(prepared.health_checks.at(0).timeout, std::chrono::milliseconds(100));
  EXPECT_EQ(prepared.services.at(0).table, &mail);
}

TEST_F(Plans, AreClosedAfterPrepare) {
  plan_.take();
  EXPECT_THAT(said(table().route, route_), HasSubstr("during prepare() only"));
  EXPECT_THAT(said(table().projection, projection_), HasSubstr("during prepare() only"));
}

TEST_F(Plans, RefuseAStructOfAnotherSize) {
  route_.size = sizeof route_ - 1;
  EXPECT_THAT(said(table().route, route_), HasSubstr("set size = sizeof of the struct"));
  route_.size = sizeof route_ + 64;  // a later SDK's
  EXPECT_EQ(said(table().route, route_), "");
  EXPECT_EQ(table().route(table().self, nullptr, &why_), GANTRY_INVALID);
}

TEST_F(Plans, RefuseAMalformedRoute) {
  const auto with = [&](auto change) {
    gantry_route route = route_;
    change(route);
    return said(table().route, route);
  };
  EXPECT_THAT(with([](auto& r) { r.method = abi("FETCH"); }), HasSubstr("FETCH"));
  EXPECT_NE(with([](auto& r) { r.pattern = abi("things"); }), "");
  EXPECT_NE(with([](auto& r) { r.pattern = abi("/things/{id:float}"); }), "");
  EXPECT_THAT(with([](auto& r) { r.access = 0; }), HasSubstr("who may call it"));
  EXPECT_THAT(with([](auto& r) { r.access = GANTRY_ACCESS_ROLE; }), HasSubstr("roles"));
  EXPECT_THAT(with([](auto& r) { r.roles = abi("admin"); }), HasSubstr("roles"));
  EXPECT_NE(with([](auto& r) { r.handle = nullptr; }), "");
  EXPECT_NE(with([](auto& r) { r.thread = 7; }), "");
  EXPECT_NE(with([](auto& r) { r.idempotency = 7; }), "");
  EXPECT_NE(with([](auto& r) { r.chain = abi(""); }), "");
}

TEST_F(Plans, RefuseMalformedMiddleware) {
  gantry_middleware other = middleware_;
  other.name = abi("Acme Filter");
  EXPECT_THAT(said(table().middleware, other), HasSubstr("name it like rate_limit"));
  other = middleware_;
  other.phase = abi("somewhen");
  EXPECT_THAT(said(table().middleware, other), HasSubstr("there is no phase \"somewhen\""));
  other = middleware_;
  other.on_request = nullptr;
  EXPECT_THAT(said(table().middleware, other), HasSubstr("has no function"));
}

TEST_F(Plans, RefuseConsumersUnderAForeignOrUsedName) {
  EXPECT_EQ(said(table().subscribe, subscription_), "");
  EXPECT_THAT(said(table().subscribe, subscription_), HasSubstr("there are two of acme.listen"));
  subscription_.name = abi("other.listen");
  EXPECT_THAT(said(table().subscribe, subscription_), HasSubstr("must be \"acme.<purpose>\""));
  subscription_.name = abi("acme.second");
  subscription_.stream_count = 0;
  EXPECT_THAT(said(table().subscribe, subscription_), HasSubstr("names no streams"));
  subscription_.stream_count = 1;
  subscription_.handle = nullptr;
  EXPECT_THAT(said(table().subscribe, subscription_), HasSubstr("no handle function"));
}

TEST_F(Plans, RefuseAMalformedProjection) {
  gantry_projection other = projection_;
  other.version = 0;
  EXPECT_THAT(said(table().projection, other), HasSubstr("version begins at 1"));
  other = projection_;
  other.database = abi("");
  EXPECT_THAT(said(table().projection, other), HasSubstr("is no database"));
  other = projection_;
  other.apply = nullptr;
  EXPECT_THAT(said(table().projection, other), HasSubstr("no apply function"));
}

TEST_F(Plans, RefuseAMalformedMigration) {
  migration_.number = 0;
  EXPECT_THAT(said(table().migration, migration_), HasSubstr("number (from 1)"));
}

TEST_F(Plans, RefuseAMalformedHealthCheck) {
  EXPECT_EQ(said(table().health_check, check_), "");
  EXPECT_THAT(said(table().health_check, check_), HasSubstr("two health checks acme_up"));
  check_.name = abi("acme_other");
  check_.timeout_ms = 0;
  EXPECT_THAT(said(table().health_check, check_), HasSubstr("timeout_ms"));
}

TEST_F(Plans, TakeAllVersionsOfAnEventType) {
  gantry_event_type second = type_;
  second.type = abi("acme.noted.v2");
  second.upcast = upcasts;
  EXPECT_EQ(said(table().event_type, type_), "");
  EXPECT_EQ(said(table().event_type, second), "");
  const Prepared prepared = plan_.take();
  ASSERT_EQ(prepared.event_types.size(), 2u);
  EXPECT_FALSE(prepared.event_types[0].upcast);
  EXPECT_EQ(prepared.event_types[1].upcast("{}"), "{}");
  EXPECT_THAT(said(table().event_type, type_), HasSubstr("during prepare() only"));
}

TEST_F(Plans, RefuseAMalformedEventType) {
  gantry_event_type other = type_;
  other.type = abi("noted");
  EXPECT_THAT(said(table().event_type, other), HasSubstr("must be \"<plugin>.<past_tense>.v<N>\""));
  other.type = abi("payments.captured.v1");
  EXPECT_EQ(said(table().event_type, other),
            "event type payments.captured.v1: its name must be \"acme.<past_tense>.v<N>\"");
  other = type_;
  other.schema = abi("{\"type\":\"objekt\"}");
  EXPECT_THAT(said(table().event_type, other), HasSubstr("event type acme.noted.v1: schema: "));
  other = type_;
  other.upcast = upcasts;
  EXPECT_EQ(said(table().event_type, other),
            "event type acme.noted.v1: there is no version before v1 to upcast from");
}

TEST_F(Plans, RefuseGapsTwinsAndMissingUpcastersOfEventTypes) {
  EXPECT_EQ(said(table().event_type, type_), "");
  EXPECT_EQ(said(table().event_type, type_), "event type acme.noted.v1: it is declared twice");
  gantry_event_type other = type_;
  other.type = abi("acme.noted.v3");
  other.upcast = upcasts;
  EXPECT_EQ(
      said(table().event_type, other),
      "event type acme.noted.v3: declare every version from v1 on, in order; acme.noted.v2 is "
      "next");
  other.type = abi("acme.noted.v2");
  other.upcast = nullptr;
  EXPECT_EQ(said(table().event_type, other),
            "event type acme.noted.v2: it needs an upcaster from acme.noted.v1");
}

TEST_F(Plans, RefuseServicesTheManifestDoesNotName) {
  const int table_of_mine = 1;
  EXPECT_EQ(table().provide(table().self, abi("acme.fax/1"), &table_of_mine, &why_),
            GANTRY_INVALID);
  EXPECT_THAT(text_, HasSubstr("does not list acme.fax/1 under services.provides"));
  EXPECT_EQ(table().provide(table().self, abi("acme.mail/1"), nullptr, &why_), GANTRY_INVALID);
  EXPECT_EQ(table().need(table().self, abi("mail"), &why_), GANTRY_INVALID);
}

}  // namespace
}  // namespace gantry::plugins
