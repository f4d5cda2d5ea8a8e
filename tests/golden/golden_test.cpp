// Every event that was ever shipped can still be read, and means what it meant (ADR-0016).
#include <algorithm>

#include "core/sql/migrations.hpp"
#include "gantry/text.hpp"
#include "tests/golden/corpus.hpp"
#include "tests/golden/shipped_types.hpp"

namespace gantry::golden {
namespace {
using testing::IsEmpty;

std::string canonical(const std::string& text) {
  base::JsonDocument document;
  std::string out;
  if (document.parse(text)) base::json::write_canonical(document.root(), out);
  return out;
}

const log::DeclaredType* declared(const std::string& type) {
  static const std::vector<log::DeclaredType> all = shipped_types();
  const auto at = std::find_if(all.begin(), all.end(), [&](auto& one) { return one.type == type; });
  return at == all.end() ? nullptr : &*at;
}

std::string schema_fault(const std::string& type, const std::string& data) {
  const log::DeclaredType* known = declared(type);
  if (!known) return "nobody declares it any more: old events of that type cannot be read";
  base::JsonDocument document;
  document.parse(data);
  const auto faults = known->check->validate(document.root(), 1);
  return faults.empty() ? std::string() : join(faults[0].pointer, ": ", faults[0].detail);
}

// Upcast to the current version, decoded and encoded again.
std::string as_of_now(const std::string& type, const std::string& data) {
  log::EventTypes types;
  types.add(shipped_types());
  const auto upcast = types.upcast(type, data);
  return canonical(through_its_codec(upcast ? upcast->type : type, upcast ? upcast->data : data));
}

class GoldenEvent : public testing::TestWithParam<std::string> {};

TEST_P(GoldenEvent, IsAsItsSchemaSays) {
  const auto all = samples(GetParam());
  ASSERT_FALSE(all.empty()) << "the file holds no array of payloads";
  for (const auto& sample : all) EXPECT_EQ(schema_fault(GetParam(), sample), "") << sample;
}

TEST_P(GoldenEvent, StillMeansWhatItMeant) {
  const auto all = samples(GetParam()), wanted = expected(GetParam());
  ASSERT_EQ(all.size(), wanted.size());
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(as_of_now(GetParam(), all[i]), wanted[i]);
}

TEST_P(GoldenEvent, IsFrozen) {
  const std::string file = GetParam() + ".json";
  const auto known = digests();
  ASSERT_EQ(known.count(file), 1u) << "add to events/SHA256SUMS: sha256sum " << file;
  EXPECT_EQ(sql::sha256_hex(read_text("events/" + file)), known.at(file))
      << "released samples are never changed; add a new version of the type instead";
}

INSTANTIATE_TEST_SUITE_P(Of, GoldenEvent, testing::ValuesIn(types()), [](const auto& one) {
  std::string name = one.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

TEST(GoldenEvents, AreThereForEveryVersionThatIsShipped) {
  std::vector<std::string> missing;
  for (const auto& type : shipped_types()) {
    if (samples(type.type).empty()) missing.push_back(type.type);
  }
  EXPECT_THAT(missing, IsEmpty()) << "add samples to tests/golden/events";
}

TEST(GoldenEvents, AreOnTheReferencePage) {
  const std::string page = read_text("../../docs/reference/event_types.md");
  for (const auto& type : shipped_types())
    EXPECT_NE(page.find(join("| `", type.type, "` |")), std::string::npos) << type.type;
}

TEST(GoldenEvents, AreNeverTakenAway) {
  std::vector<std::string> gone;
  for (const auto& [file, digest] : digests()) {
    if (read_text("events/" + file).empty()) gone.push_back(file);
  }
  EXPECT_THAT(gone, IsEmpty()) << "the log of somebody still holds these";
}

}  // namespace
}  // namespace gantry::golden
