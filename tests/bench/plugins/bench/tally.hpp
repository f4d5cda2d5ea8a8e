// Tally: the smallest aggregate with a snapshot; counts what was added to it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/aggregate.hpp"
#include "gantry/json_writer.hpp"

namespace gantry::bench {

struct Tally {
  struct State {
    int64_t sum = 0;
  };
  struct Event {
    int64_t amount = 0;
  };
  struct Command {
    int64_t amount = 0;
  };
  enum class Rejection { negative };

  static constexpr std::string_view kCategory = "tally";
  static constexpr std::string_view kAdded = "bench.added.v1";
  static constexpr int64_t kSnapshotSchema = 1;

  static Result<std::vector<Event>, Rejection> decide(const State&, const Command& command) {
    if (command.amount < 0) return Refused{Rejection::negative};
    return std::vector<Event>{{command.amount}};
  }
  static void evolve(State& state, const Event& event) { state.sum += event.amount; }
  static NewEvent encode(const Event& event) {
    return {std::string(kAdded),
            join(R"({"amount":)", event.amount, R"(,"by":"bench","note":"one of very many"})")};
  }
  static Event decode(std::string_view, Json data) { return {data["amount"].integer()}; }
  static std::string encode_state(const State& state) { return join(R"({"sum":)", state.sum, "}"); }
  static State decode_state(Json json) { return {json["sum"].integer()}; }
};

inline Problem problem_of(Tally::Rejection) { return {422, "NEGATIVE", "a tally only counts up"}; }

}  // namespace gantry::bench
