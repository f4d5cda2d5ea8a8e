// Instances that stand still, stop, start and are robbed of their leases at random, from a seed
// that is printed when a run fails: each event is projected once, and each stream of a process goes
// forward under stable ids.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/unit/consume/fleet.hpp"

namespace gantry::consume {
namespace {

constexpr const char* kOwner = "plugin";
constexpr int kInstances = 3, kStreams = 5, kSteps = 120;

// What the log does with the commands of a process: the first of an id counts, a repeat does not.
class Answers {
 public:
  void append(const log::Event& event) {
    const std::lock_guard lock(mutex_);
    ++calls_;
    if (known_.emplace(uuid5(event.id, "answer").text(), event.version).second) {
      streams_[event.stream].push_back(event.version);
    }
  }
  std::vector<int64_t> of(const std::string& stream) {
    const std::lock_guard lock(mutex_);
    return streams_[stream];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int64_t> known_;
  std::map<std::string, std::vector<int64_t>> streams_;
  int64_t calls_ = 0;
};

class Storm {
 public:
  explicit Storm(uint32_t seed) : random_(seed) {
    for (const auto& database : {&fleet.rig.events, &fleet.rig.projections}) {
      database->writer()->script(
          kOnPostgres
              ? "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN RAISE EXCEPTION $$an epoch went back$$; END';"
                "CREATE TRIGGER epochs_ascend BEFORE UPDATE ON es_checkpoint FOR EACH ROW "
                "WHEN (NEW.epoch < OLD.epoch) EXECUTE FUNCTION refuse()"
              : "CREATE TRIGGER epochs_ascend BEFORE UPDATE ON es_checkpoint "
                "WHEN NEW.epoch < OLD.epoch BEGIN SELECT RAISE(ABORT, 'an epoch went back'); END");
    }
    for (const auto& instance : fleet.members) {
      instance->consumers.add(kOwner, fleet.rig.seen());
      instance->consumers.add(
          kOwner, Process{"act", {{"*"}}, [this, gate = &instance->gate](const log::Event& event) {
                            gate->pass();
                            answers.append(event);
                            gate->pass();
                          }});
      instance->consumers.start(kOwner);
    }
  }

  void step() {
    Instance& instance = *fleet.members[below(kInstances)];
    switch (below(8)) {
      case 0:
      case 1:
      case 2:
        for (size_t n = below(20); n > 0; --n) fleet.rig.log.add(join("s-", below(kStreams)));
        break;
      case 3:
        instance.gate.shut();
        break;
      case 4:
        instance.gate.open();
        break;
      case 5:
        fleet.clock.advance(std::chrono::milliseconds(below(25000)));
        break;
      case 6:
        below(2) == 0 ? fleet.steal(fleet.rig.projections, "seen")
                      : fleet.steal(fleet.rig.events, "act");
        break;
      default:
        if (instance.gate.is_shut()) break;
        stuck += instance.consumers.stop(kOwner, kLong).size();
        instance.consumers.start(kOwner);
    }
    for (size_t n = below(200); n > 0; --n) std::this_thread::yield();
  }

  // Lets everybody go on until all is done.
  bool calm() {
    const log::Position head = fleet.rig.log.head();
    for (const auto& instance : fleet.members) instance->gate.open();
    return Rig::eventually([&] {
      fleet.clock.advance(std::chrono::milliseconds(100));
      for (int n = 0; n < 100; ++n) std::this_thread::yield();
      return fleet.standing(fleet.rig.projections, "seen", 1).mark.position == head &&
             fleet.standing(fleet.rig.events, "act", 0).mark.position == head;
    });
  }

  Answers answers;
  Fleet fleet{kInstances};
  size_t stuck = 0;

 private:
  size_t below(size_t bound) {
    return std::uniform_int_distribution<size_t>(0, bound - 1)(random_);
  }
  std::mt19937 random_;
};

class InstancesAtRandom : public testing::TestWithParam<uint32_t> {};

TEST_P(InstancesAtRandom, ProjectEachEventOnceAndKeepStreamsInOrder) {
  Storm storm(GetParam());
  for (int i = 0; i < kSteps; ++i) storm.step();
  ASSERT_TRUE(storm.calm());
  EXPECT_EQ(storm.stuck, 0u);
  EXPECT_EQ(storm.fleet.rig.rows(), up_to(storm.fleet.rig.log.head()));
  std::map<std::string, int64_t> versions;
  for (const auto& event : storm.fleet.rig.log.read(0, 1000000)) {
    versions[event->stream] = event->version;
  }
  for (const auto& [stream, last] : versions) {
    EXPECT_EQ(storm.answers.of(stream), up_to(last)) << stream;
  }
  for (const auto& instance : storm.fleet.members) {
    for (const auto& one : instance->consumers.list()) EXPECT_NE(one.state, State::kHalted);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, InstancesAtRandom, testing::Range(1u, 9u));

}  // namespace
}  // namespace gantry::consume
