// An aggregate to decide on, and servers that share one log: each with tables of its own.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/plugins/context.hpp"
#include "gantry/aggregate.hpp"
#include "tests/unit/ahead/controlled_log.hpp"
#include "tests/unit/plugins/fakes.hpp"

namespace gantry::ahead_test {

// Places 0..capacity-1, each taken by one at most. Counts copies of its state.
struct Places {
  static constexpr std::string_view kCategory = "places";

  struct State {
    State() = default;
    State(const State& other) : taken(other.taken) { ++copies; }
    State& operator=(const State& other) {
      taken = other.taken;
      ++copies;
      return *this;
    }
    std::map<int64_t, std::string> taken;
    static inline std::atomic<int> copies{0};
  };
  struct Taken {
    int64_t place = 0;
    std::string by;
  };
  struct Given {
    int64_t place = 0;
  };
  using Event = std::variant<Taken, Given>;
  struct Take {
    int64_t place = 0;
    std::string by;
  };
  struct Give {  // nothing when it is free
    int64_t place = 0;
  };
  using Command = std::variant<Take, Give>;
  struct Rejection {
    std::string by;  // who has it
  };

  static Result<std::vector<Event>, Rejection> decide(const State& state, const Command& command) {
    if (const auto* take = std::get_if<Take>(&command)) {
      if (const auto at = state.taken.find(take->place); at != state.taken.end())
        return Refused{Rejection{at->second}};
      return std::vector<Event>{Taken{take->place, take->by}};
    }
    const int64_t place = std::get<Give>(command).place;
    if (state.taken.count(place) == 0) return std::vector<Event>{};
    return std::vector<Event>{Given{place}};
  }
  static void evolve(State& state, const Event& event) {
    if (const auto* taken = std::get_if<Taken>(&event)) {
      if (!state.taken.emplace(taken->place, taken->by).second)
        throw Error(Code::kInternal, join("place ", taken->place, " is taken twice"));
    } else if (state.taken.erase(std::get<Given>(event).place) == 0) {
      throw Error(Code::kInternal, "a free place is given back");
    }
  }
  static NewEvent encode(const Event& event) {
    JsonWriter json;
    if (const auto* taken = std::get_if<Taken>(&event)) {
      json.object().field("place", taken->place).field("by", taken->by);
      return {"places.taken.v1", std::move(json.end()).text()};
    }
    json.object().field("place", std::get<Given>(event).place);
    return {"places.given.v1", std::move(json.end()).text()};
  }
  static Event decode(std::string_view type, Json data) {
    if (type == "places.given.v1") return Given{data["place"].integer()};
    return Taken{data["place"].integer(), std::string(data["by"].text())};
  }
};

// The same with snapshots.
struct LongPlaces : Places {
  static constexpr std::string_view kCategory = "long";
  static constexpr int64_t kSnapshotSchema = 3;
  static std::string encode_state(const State& state) {
    JsonWriter json;
    json.object().array("taken");
    for (const auto& [place, by] : state.taken)
      json.object().field("place", place).field("by", by).end();
    return std::move(json.end().end()).text();
  }
  static State decode_state(Json json) {
    State state;
    json["taken"].each([&](Json one) {
      state.taken.emplace(one["place"].integer(), std::string(one["by"].text()));
    });
    return state;
  }
};

inline plugins::Manifest manifest() {
  plugins::Manifest manifest;
  manifest.id = "acme";
  for (const auto id : {GANTRY_LOG_ID, GANTRY_JSON_ID, GANTRY_IDS_ID, GANTRY_CLOCK_ID,
                        GANTRY_LOGGER_ID, GANTRY_HTTP_ID, GANTRY_TIMERS_ID, GANTRY_CONFIG_ID})
    manifest.needs.push_back({id, 0});
  return manifest;
}

// One server: its tables, and the plugin's view of them.
class Instance {
 public:
  explicit Instance(log::Log& log, pipeline::Exchanges* exchanges = nullptr,
                    const std::string& config = "{}")
      : ports_{.host_version = "0.1.0",
               .clock = bench_.clock,
               .ids = bench_.ids,
               .logger = bench_.log,
               .metrics = bench_.metrics,
               .log = log,
               .log_limits = {},
               .event_types = bench_.event_types,
               .exchanges = exchanges ? *exchanges : bench_.exchanges,
               .databases = {},
               .kv = bench_.kv,
               .health = bench_.health,
               .services = bench_.services,
               .json = {},
               .bounds = {}},
        context(ports_, manifest(), config, series_),
        host(context.host()) {
    bench_.event_types.add({log::declared_type("places.taken.v1", plugins::kAnything),
                            log::declared_type("places.given.v1", plugins::kAnything)});
  }

 private:
  plugins::Bench bench_;
  plugins::Ports ports_;
  plugins::SeriesTable series_{"acme", bench_.metrics, 4};

 public:
  plugins::Context context;
  Host host;
};

// A unit of its own command.
class TestUnit : public Unit {
 public:
  explicit TestUnit(const Host& host, std::string_view name)
      : Unit(host, uuid5(Uuid(), name), {}) {}
  // How it ended, once it has.
  void commit_later() {
    Unit::commit([outcome = outcome_](const gantry_outcome& told) {
      outcome->rc = told.rc;
      outcome->over = true;
    });
  }
  bool is_over() const { return outcome_->over; }
  gantry_rc rc() const { return outcome_->over ? outcome_->rc : -1; }

 private:
  struct Ended {
    std::atomic<bool> over{false};
    gantry_rc rc = -1;
  };
  std::shared_ptr<Ended> outcome_ = std::make_shared<Ended>();  // second owner: the callback
};

}  // namespace gantry::ahead_test
