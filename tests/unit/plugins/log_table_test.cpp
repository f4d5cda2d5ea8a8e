// gantry.log/1 as a plugin calls it.
#include "tests/unit/plugins/tables.hpp"

namespace gantry::plugins {
namespace {

TEST_F(TablesTest, CollectAUnitAndCommitItWhole) {
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

TEST_F(TablesTest, RefuseAWrongAppendWithASentence) {
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

TEST_F(TablesTest, MakeAnAppendOfACheckAndTellTheIdOfItsLastEvent) {
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

TEST_F(TablesTest, RefuseEventsThatAreNotRegisteredOrNotAsTheirSchemaSays) {
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

TEST_F(TablesTest, ShowEventsInTheirCurrentVersion) {
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

TEST_F(TablesTest, NeverLeaveOutAnEventOfAnUnknownType) {
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

TEST_F(TablesTest, DeliverEventsInTheirCurrentVersionOrNotAtAll) {
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

TEST_F(TablesTest, DoNotCallAnUpcasterWhoseGenerationIsGone) {
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

TEST_F(TablesTest, CallBackOnceAfterACommitAndCountThoseUnderWay) {
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

TEST_F(TablesTest, ReadTheLog) {
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

}  // namespace
}  // namespace gantry::plugins
