// Two servers on one log, several buyers each, all at once: nothing is taken twice, every buyer is
// told the truth, and nobody is left out. Run under ThreadSanitizer.
#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/ahead/instance.hpp"

namespace gantry::ahead_test {
namespace {

constexpr int kServers = 2, kBuyers = 3, kPlaces = 120, kAttemptsMax = 400;

class Server : public Instance {
 public:
  using Instance::Instance;
  Repository<LongPlaces> places{host, {.snapshot_every = 20}};
};

struct Bought {
  std::vector<int64_t> places;
  int refused = 0, gave_up = 0;
};

// Takes one place, as a handler does: decide, commit, decide again.
void buy(Server& server, int64_t place, const std::string& by, Bought& bought) {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    try {
      Unit unit(server.host, uuid5(Uuid(), join(by, ' ', place)), {});
      const auto decided =
          server.places.decide(unit, place % 2 ? "odd" : "even", Places::Take{place, by});
      if (!decided) unit.keep_checks();
      unit.commit();
      if (decided)
        bought.places.push_back(place);
      else
        ++bought.refused;
      return;
    } catch (const Conflict&) {
    }
  }
  ++bought.gave_up;
}

TEST(TwoServers, SellEachPlaceOnce) {
  ControlledLog log;
  Server servers[kServers] = {Server{log}, Server{log}};
  log.start_committing();
  Bought bought[kServers * kBuyers];
  std::vector<std::thread> buyers;
  for (int b = 0; b < kServers * kBuyers; ++b) {
    buyers.emplace_back([&, b] {
      for (int64_t place = 0; place < kPlaces; ++place)
        buy(servers[b % kServers], (place + b * 7) % kPlaces, to_text(b), bought[b]);
    });
  }
  for (auto& buyer : buyers) buyer.join();
  log.stop_committing();

  std::map<int64_t, std::string> told;
  for (int b = 0; b < kServers * kBuyers; ++b) {
    EXPECT_EQ(bought[b].gave_up, 0);
    EXPECT_EQ(bought[b].places.size() + static_cast<size_t>(bought[b].refused), size_t{kPlaces});
    for (const int64_t place : bought[b].places)
      EXPECT_TRUE(told.emplace(place, to_text(b)).second) << place << " was sold twice";
  }
  EXPECT_EQ(told.size(), size_t{kPlaces});
  std::map<int64_t, std::string> there;
  for (Server& server : servers) {
    for (const char* stream : {"odd", "even"}) {
      for (const auto& [place, by] : server.places.load(stream).state->taken) there[place] = by;
    }
    EXPECT_EQ(there, told);
  }
}

// One section, one server: everybody is decided at once, and the log sees no conflict.
TEST(OneServer, NeverConflictsWithItself) {
  ControlledLog log;
  Server server{log};
  log.start_committing();
  std::atomic<int> conflicts{0}, ok{0};
  std::vector<std::thread> buyers;
  for (int b = 0; b < 4; ++b) {
    buyers.emplace_back([&, b] {
      for (int64_t n = 0; n < 100; ++n) {
        Unit unit(server.host, uuid5(Uuid(), join(b, ' ', n)), {});
        EXPECT_TRUE(server.places.decide(unit, "hot", Places::Take{b * 1000 + n, "x"}));
        unit.commit(
            [&](const gantry_outcome& outcome) { ++(outcome.rc == GANTRY_OK ? ok : conflicts); });
      }
    });
  }
  for (auto& buyer : buyers) buyer.join();
  log.stop_committing();
  EXPECT_EQ(conflicts, 0);
  EXPECT_EQ(ok, 400);
  EXPECT_EQ(server.places.load("hot").version, 400);
}

}  // namespace
}  // namespace gantry::ahead_test
