// Reads that wait until the read model has reached a position.
#include "tests/unit/pipeline/away.hpp"

namespace gantry::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Reads : public Away {
 protected:
  Reads() {
    acme.route("GET", "/x",
               [this](gantry_handle exchange, const gantry_request&) {
                 seen.push_back("handler");
                 return rig.answer(exchange);
               })
        .reads = "availability";
    publish();
  }
};

TEST_F(Reads, WaitForThePositionWithoutHoldingTheLoop) {
  Client& client = begin("/x", {{"gantry-min-position", "41"}});
  EXPECT_THAT(rig.waited_for, ElementsAre("availability 41 2000"));
  rig.run();
  EXPECT_FALSE(client.answered);
  rig.waiting[0](true);
  rig.run();
  EXPECT_EQ(client.status(), 200);
}

TEST_F(Reads, TakeThePositionFromTheQueryToo) {
  begin("/x?a=1&min_position=7&b=2");
  EXPECT_THAT(rig.waited_for, ElementsAre("availability 7 2000"));
  rig.waiting[0](true);
  rig.run();
}

TEST_F(Reads, SayThatTheReadModelLagsBehind) {
  Client& client = begin("/x", {{"gantry-min-position", "41"}});
  rig.waiting[0](false);
  rig.run();
  EXPECT_EQ(client.status(), 503);
  EXPECT_THAT(client.body(), HasSubstr("PROJECTION_LAGGING"));
  EXPECT_EQ(client.header("retry-after"), "1");
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(Reads, RefuseWhatIsNoPosition) {
  EXPECT_EQ(begin("/x", {{"gantry-min-position", "x"}}).status(), 400);
  EXPECT_EQ(begin("/x", {{"gantry-min-position", "-1"}}).status(), 400);
  EXPECT_EQ(begin("/x", {{"gantry-min-position", "99999999999999999999"}}).status(), 400);
}

TEST_F(Reads, MaySeeTheirClientGoWhileTheyWait) {
  Client& client = begin("/x", {{"gantry-min-position", "41"}});
  EXPECT_EQ(rig.pipeline.resume(1ULL << 32, GANTRY_DONE), GANTRY_STALE);
  client.end(false);
  EXPECT_FALSE(drained());
  rig.waiting[0](true);
  rig.run();
  EXPECT_TRUE(drained());
  EXPECT_THAT(seen, IsEmpty());
}

}  // namespace
}  // namespace gantry::pipeline
