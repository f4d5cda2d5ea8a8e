// TablesTest: a plugin that asks for every table, and short ways to call some of them.
#pragma once
#include "core/plugins/adapters.hpp"
#include "core/plugins/context.hpp"
#include "core/runtime/thread_tag.hpp"
#include "gantry/guard.hpp"
#include "tests/unit/plugins/fakes.hpp"

namespace gantry::plugins {

inline constexpr std::string_view kAll[] = {
    GANTRY_CLOCK_ID,    GANTRY_CONFIG_ID, GANTRY_HEALTH_ID, GANTRY_HTTP_ID,   GANTRY_IDS_ID,
    GANTRY_JSON_ID,     GANTRY_KV_ID,     GANTRY_LOG_ID,    GANTRY_LOGGER_ID, GANTRY_METRICS_ID,
    GANTRY_SERVICES_ID, GANTRY_SQL_ID,    GANTRY_TIMERS_ID};

inline Manifest asking_for_all() {
  Manifest manifest;
  manifest.id = "acme";
  for (const auto id : kAll) manifest.needs.push_back({std::string(id), 0});
  return manifest;
}

class TablesTest : public testing::Test {
 public:
  TablesTest() { bench_.event_types.add({log::declared_type("acme.noted.v1", kAnything)}); }
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

}  // namespace gantry::plugins
