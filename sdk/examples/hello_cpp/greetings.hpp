// How often somebody was greeted, stream "hello-<name>". An aggregate: pure functions that say what
// a command writes, and what that changes.
#pragma once
#include <string>
#include <vector>

#include "gantry/plugin.hpp"

struct Greetings {
  static constexpr std::string_view kCategory = "hello";
  static constexpr int64_t kTimesMax = 1000;

  struct Greeted {
    std::string greeting;
    gantry::Instant at;
  };
  using Event = Greeted;

  struct Greet {
    std::string greeting;
    gantry::Instant now;
  };
  using Command = Greet;

  enum class Rejection { enough };

  struct State {
    int64_t times = 0;
  };

  static gantry::Result<std::vector<Event>, Rejection> decide(const State& state,
                                                              const Command& greet) {
    if (state.times >= kTimesMax) return gantry::Refused{Rejection::enough};
    return std::vector<Event>{Greeted{greet.greeting, greet.now}};
  }
  static void evolve(State& state, const Event&) { ++state.times; }

  static gantry::NewEvent encode(const Event& event) {
    gantry::JsonWriter json;
    json.object().field("greeting", event.greeting).field("at", event.at).end();
    return {"hello_cpp.greeted.v1", std::move(json).text()};
  }
  static Event decode(std::string_view, gantry::Json data) {
    return {std::string(data["greeting"].text()), data["at"].instant()};
  }
};

// What clients read when a command is refused.
inline gantry::Problem problem_of(Greetings::Rejection) {
  return {409, "GREETED_ENOUGH", "nobody is greeted more than a thousand times"};
}
