// What may be appended, and what old events become (ADR-0016).
#include "core/log/event_types.hpp"

#include <atomic>
#include <thread>

#include "gantry/text.hpp"

namespace gantry::log {
namespace {
using testing::HasSubstr;

constexpr std::string_view kPaid1 = R"json({
  "type": "object", "additionalProperties": false, "required": ["euros"],
  "properties": {"euros": {"type": "integer"}}
})json";
constexpr std::string_view kPaid2 = R"json({
  "type": "object", "additionalProperties": false, "required": ["cents"],
  "properties": {"cents": {"type": "integer"}}
})json";
constexpr std::string_view kPaid3 = R"json({
  "type": "object", "additionalProperties": false, "required": ["cents", "currency"],
  "properties": {"cents": {"type": "integer"}, "currency": {"type": "string"}}
})json";

// {"euros":7} → {"cents":700}
std::string to_cents(std::string_view data) {
  constexpr size_t kBefore = sizeof(R"({"euros":)") - 1;
  return join(R"({"cents":)", data.substr(kBefore, data.size() - kBefore - 1), "00}");
}
// {"cents":700} → {"cents":700,"currency":"EUR"}
std::string with_currency(std::string_view data) {
  return join(data.substr(0, data.size() - 1), R"(,"currency":"EUR"})");
}

std::vector<DeclaredType> three_versions() {
  return {declared_type("shop.paid.v1", kPaid1), declared_type("shop.paid.v2", kPaid2, to_cents),
          declared_type("shop.paid.v3", kPaid3, with_currency)};
}

template <class F>
std::string refusal(F&& f) {
  try {
    f();
    return "none";
  } catch (const Error& error) {
    return join(name_of(error.code()), ": ", error.detail());
  }
}

struct Name {
  const char* text;
  const char* owner;  // null: no name of a type
  uint32_t version;
};
class TypeNames : public testing::TestWithParam<Name> {};
TEST_P(TypeNames, AreThePluginAFactAndAVersion) {
  const auto type = parse_type(GetParam().text);
  EXPECT_EQ(type.has_value(), GetParam().owner != nullptr);
  EXPECT_EQ(type ? type->owner : "", GetParam().owner ? GetParam().owner : "");
  EXPECT_EQ(type ? type->version : 0, GetParam().version);
}
INSTANTIATE_TEST_SUITE_P(Table, TypeNames,
                         testing::Values(Name{"payments.captured.v1", "payments", 1},
                                         Name{"acme.shop.goods_sold.v12", "acme.shop", 12},
                                         Name{"captured.v1", nullptr, 0},
                                         Name{"payments.captured", nullptr, 0},
                                         Name{"payments.captured.v0", nullptr, 0},
                                         Name{"payments.captured.v01", nullptr, 0},
                                         Name{"payments.captured.v1x", nullptr, 0},
                                         Name{"payments.captured.v99999999999", nullptr, 0},
                                         Name{"Payments.captured.v1", nullptr, 0},
                                         Name{"payments..v1", nullptr, 0},
                                         Name{".captured.v1", nullptr, 0}, Name{"", nullptr, 0}));

TEST(DeclaredTypes, HaveTheSameDigestWhateverTheWhiteSpaceAndTheOrder) {
  const auto one = declared_type("a.b.v1", R"({"type":"object","required":["x"]})");
  EXPECT_EQ(declared_type("a.b.v1", "{\n  \"required\": [\"x\"], \"type\": \"object\" }").sha256,
            one.sha256);
  EXPECT_NE(declared_type("a.b.v1", R"({"type":"object"})").sha256, one.sha256);
}

TEST(DeclaredTypes, AreRefusedWithASentence) {
  EXPECT_THAT(refusal([] { declared_type("paid", kPaid1); }),
              HasSubstr("\"paid\" must be \"<plugin>.<past_tense>.v<N>\""));
  EXPECT_THAT(refusal([] { declared_type("shop.paid.v1", "{"); }),
              HasSubstr("event type shop.paid.v1: schema: "));
  EXPECT_THAT(refusal([] { declared_type("shop.paid.v1", R"({"typ":"object"})"); }),
              HasSubstr("#/typ is a keyword that is not supported"));
}

class Types : public testing::Test {
 protected:
  Types() { types_.add(three_versions()); }
  EventTypes types_;
};

TEST_F(Types, TakeTheCurrentVersionAndNoOther) {
  EXPECT_EQ(types_.append_fault("shop.paid.v3", R"({"cents":700,"currency":"EUR"})"), "");
  EXPECT_EQ(types_.append_fault("shop.paid.v2", R"({"cents":700})"),
            "event type shop.paid.v2 is an old version; append shop.paid.v3");
  EXPECT_EQ(types_.append_fault("shop.paid.v4", "{}"),
            "event type shop.paid.v4 is not registered; declare it in the plan of shop");
  EXPECT_EQ(types_.append_fault("shop.sold.v1", "{}"),
            "event type shop.sold.v1 is not registered; declare it in the plan of shop");
  EXPECT_THAT(types_.append_fault("paid", "{}"), HasSubstr("\"paid\" is no event type"));
  EXPECT_EQ(types_.append_fault("gantry.timer_fired.v1", "{}"),
            "only the host appends gantry.timer_fired.v1");
}

TEST_F(Types, RefuseDataThatBreaksTheSchemaAndNameThePlace) {
  EXPECT_EQ(types_.append_fault("shop.paid.v3", R"({"cents":"7","currency":"EUR"})"),
            "the data of shop.paid.v3 breaks its schema at /cents: Expected an integer, found a "
            "string.");
  EXPECT_THAT(types_.append_fault("shop.paid.v3", R"({"cents":7})"), HasSubstr("at /currency: "));
  EXPECT_THAT(types_.append_fault("shop.paid.v3", R"([1])"), HasSubstr("is no JSON object"));
  EXPECT_THAT(types_.append_fault("shop.paid.v3", R"({"cents":7)"), HasSubstr("is no JSON: "));
}

TEST(TypesThatDoNotValidate, StillRefuseWhatIsNotRegistered) {
  EventTypes types(nullptr, {false, {}});
  types.add(three_versions());
  EXPECT_EQ(types.append_fault("shop.paid.v3", R"({"any":"thing"})"), "");
  EXPECT_NE(types.append_fault("shop.paid.v2", "{}"), "");
  EXPECT_NE(types.append_fault("shop.sold.v1", "{}"), "");
}

TEST_F(Types, UpcastStepByStepToTheCurrentVersion) {
  const auto from_first = types_.upcast("shop.paid.v1", R"({"euros":7})");
  ASSERT_TRUE(from_first);
  EXPECT_EQ(from_first->type, "shop.paid.v3");
  EXPECT_EQ(from_first->data, R"({"cents":700,"currency":"EUR"})");
  EXPECT_EQ(types_.upcast("shop.paid.v2", R"({"cents":5})")->data,
            R"({"cents":5,"currency":"EUR"})");
  EXPECT_FALSE(types_.upcast("shop.paid.v3", R"({"cents":5,"currency":"EUR"})"));
}

TEST_F(Types, NeverSkipWhatTheyDoNotKnow) {
  EXPECT_THROW(types_.upcast("shop.sold.v1", "{}"), UnknownType);
  EXPECT_THROW(types_.upcast("not a type", "{}"), UnknownType);
  EXPECT_EQ(refusal([&] { types_.upcast("other.thing_done.v1", "{}"); }),
            "unavailable: no plugin has registered event type other.thing_done.v1; enable other");
  EXPECT_EQ(refusal([&] { types_.upcast("shop.paid.v4", "{}"); }),
            "unavailable: event type shop.paid.v4 is newer than shop.paid.v3, the last one known "
            "here; upgrade shop");
}

TEST(Upcasting, FailsForGoodWhenTheUpcasterDoes) {
  EventTypes types;
  types.add({declared_type("shop.paid.v1", kPaid1),
             declared_type("shop.paid.v2", kPaid2, [](std::string_view) -> std::string {
               throw Error(Code::kInternal, "no cents in it");
             })});
  EXPECT_EQ(refusal([&] { types.upcast("shop.paid.v1", R"({"euros":7})"); }),
            "invalid: upcasting shop.paid.v1 to shop.paid.v2: no cents in it");
}

TEST(Upcasting, FailsForGoodWhenItsResultIsNotOneValidObject) {
  for (const char* result : {"", R"({"euros":7})", R"({"cents":1}{"cents":2})", "[]"}) {
    EventTypes types;
    types.add({declared_type("shop.paid.v1", kPaid1),
               declared_type("shop.paid.v2", kPaid2,
                             [=](std::string_view) { return std::string(result); })});
    EXPECT_THAT(refusal([&] { types.upcast("shop.paid.v1", R"({"euros":7})"); }),
                HasSubstr("invalid: upcasting shop.paid.v1: the data of shop.paid.v2 "))
        << result;
  }
}

TEST(Upcasting, WaitsForAnOwnerThatIsSwitchedOff) {
  EventTypes types;
  types.add({declared_type("shop.paid.v1", kPaid1),
             declared_type("shop.paid.v2", kPaid2, [](std::string_view) -> std::string {
               throw Error(Code::kUnavailable, "shop is switched off");
             })});
  EXPECT_EQ(refusal([&] { types.upcast("shop.paid.v1", R"({"euros":7})"); }),
            "unavailable: shop is switched off");
  EXPECT_FALSE(types.upcast("shop.paid.v2", R"({"cents":7})")) << "current ones need no code";
}

TEST_F(Types, AreListedWithTheirOwner) {
  const auto all = types_.list();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].type, "gantry.timer_fired.v1");
  EXPECT_EQ(all[1].type, "shop.paid.v3");
  EXPECT_EQ(all[1].owner, "shop");
}

TEST_F(Types, AreReadWhileOthersAreRegistered) {
  std::atomic<bool> over{false};
  std::atomic<int> wrong{0};
  std::thread reader([&] {
    while (!over) {
      if (types_.upcast("shop.paid.v1", R"({"euros":7})")->type != "shop.paid.v3") ++wrong;
      if (!types_.append_fault("shop.paid.v3", R"({"cents":1,"currency":"EUR"})").empty()) ++wrong;
    }
  });
  for (int i = 0; i < 50; ++i) {
    types_.add({declared_type(join("other.thing", i, "_done.v1"), kPaid1)});
    types_.add(three_versions());
  }
  over = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace gantry::log
