// Anything may happen in any order: what is in the log is always what deciding one after another
// would have written, and whatever was answered was true when it was committed. One seed, one run.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/unit/ahead/instance.hpp"

namespace gantry::ahead_test {
namespace {

constexpr int kStreams = 3, kPlaces = 4, kOpenMax = 6;

class World {
 public:
  explicit World(unsigned seed) : random_(seed) {}

  void step() {
    switch (roll(10)) {
      case 0:
      case 1:
      case 2:
        return decide();
      case 3:
      case 4:
        return commit();
      case 5:
        return drop();
      case 6:
        if (log_.waiting() > 0) log_.fail(roll(2) ? Code::kUnavailable : Code::kDeadline);
        return;
      case 7:
        return write_elsewhere();
      default:
        if (log_.waiting() > 0) log_.commit();
    }
  }
  void finish() {
    open_.clear();
    log_.commit_all();
    for (int s = 0; s < kStreams; ++s)
      EXPECT_EQ(places_.load(to_text(s)).state->taken, fold(s)) << "stream " << s;
  }
  int committed = 0, refusals = 0, conflicts = 0;

 private:
  struct Open {
    Uuid command;
    std::unique_ptr<Unit> unit;
    // What it was told, to be true when it commits: (stream, place) → who has it then.
    std::map<std::pair<int, int64_t>, std::string> answers;
    std::set<std::string> own;  // names under which it takes places
    bool refused = false;
  };

  int roll(int sides) { return static_cast<int>(random_() % static_cast<unsigned>(sides)); }

  std::map<int64_t, std::string> fold(int stream) {
    Places::State state;
    for (const log::Event& event : log_.events_of(join("places-", stream))) {
      const JsonDocument data(server_.host.json(), event.data);
      Places::evolve(state, Places::decode(event.type, data.root()));  // throws: taken twice
    }
    return state.taken;
  }

  // A new unit, or one more decision in an open one.
  void decide() {
    if (open_.empty() || (open_.size() < kOpenMax && roll(2) == 0)) {
      // Some commands come again, as after a conflict.
      const Uuid command = !used_.empty() && roll(3) == 0
                               ? used_[static_cast<size_t>(roll(static_cast<int>(used_.size())))]
                               : uuid5(Uuid(), to_text(++commands_));
      open_.push_back(
          {command, std::make_unique<Unit>(server_.host, command, Cause{}), {}, {}, false});
    }
    const size_t which = static_cast<size_t>(roll(static_cast<int>(open_.size())));
    Open& one = open_[which];
    if (one.refused) return;
    const int stream = roll(kStreams);
    const int64_t place = roll(kPlaces);
    const std::string by = to_text(++names_);
    const bool take = roll(3) > 0;
    const Places::Command command =
        take ? Places::Command(Places::Take{place, by}) : Places::Command(Places::Give{place});
    try {
      const auto decided = places_.decide(*one.unit, to_text(stream), command);
      one.answers[{stream, place}] = !decided ? decided.reason().by : take ? by : "";
      if (decided && take) one.own.insert(by);
      if (!decided) {
        one.refused = true;
        // What it had written before is not true any more.
        one.answers = {{{stream, place}, one.answers[{stream, place}]}};
        one.unit->keep_checks();
        ++refusals;
      }
    } catch (const Conflict&) {
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
      ++conflicts;
    } catch (const Error& error) {
      // The ids of events of one unit cannot change once they are known.
      ASSERT_EQ(error.code(), Code::kInvalid) << error.detail();
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
    }
  }

  void commit() {
    if (open_.empty()) return;
    const size_t which = static_cast<size_t>(roll(static_cast<int>(open_.size())));
    Open one = std::move(open_[which]);
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
    used_.push_back(one.command);
    // A refusal on top of what the same unit had decided is about nothing that is ever there.
    const bool about_itself = one.refused && one.own.count(one.answers.begin()->second) > 0;
    one.unit->commit([this, one_answers = one.answers, about_itself](const gantry_outcome& told) {
      if (told.rc != GANTRY_OK || told.repeated) {
        conflicts += told.rc == GANTRY_CONFLICT;
        return;
      }
      ++committed;
      for (const auto& [where, who] : one_answers) {
        if (about_itself) continue;
        const auto now = fold(where.first);
        const auto at = now.find(where.second);
        EXPECT_EQ(at == now.end() ? "" : at->second, who)
            << "stream " << where.first << " place " << where.second;
      }
    });
  }
  void drop() {
    if (!open_.empty()) open_.erase(open_.begin() + roll(static_cast<int>(open_.size())));
  }
  void write_elsewhere() {
    const int stream = roll(kStreams);
    const auto taken = fold(stream);
    const int64_t place = roll(kPlaces);
    const std::string name = join("places-", stream);
    if (taken.count(place))
      log_.append_elsewhere(name, "places.given.v1", join(R"({"place":)", place, "}"));
    else
      log_.append_elsewhere(name, "places.taken.v1",
                            join(R"({"place":)", place, R"(,"by":"far )", ++names_, "\"}"));
  }

  std::mt19937 random_;
  ControlledLog log_;
  Instance server_{log_};
  Repository<Places> places_{server_.host, {.streams_max = 8, .pending_max = 16}};
  std::vector<Open> open_;
  std::vector<Uuid> used_;
  int commands_ = 0, names_ = 0;
};

TEST(AnyOrder, LeavesWhatDecidingOneAfterAnotherWouldHave) {
  const char* given = std::getenv("GANTRY_TEST_LONG");
  const unsigned seeds = given && *given ? 2000 : 60;
  int committed = 0, refusals = 0, conflicts = 0;
  for (unsigned seed = 1; seed <= seeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(join("seed ", seed));
    World world(seed);
    for (int i = 0; i < 300 && !testing::Test::HasFailure(); ++i) world.step();
    world.finish();
    committed += world.committed;
    refusals += world.refusals;
    conflicts += world.conflicts;
  }
  EXPECT_GT(committed, 1000);
  EXPECT_GT(refusals, 100);
  EXPECT_GT(conflicts, 100);
}

}  // namespace
}  // namespace gantry::ahead_test
