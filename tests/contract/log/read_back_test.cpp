// Reading backwards: the last events first.
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class ReadBack : public LogContract {
 protected:
  std::vector<int64_t> stream_back(const std::string& stream, int64_t before, uint32_t max) {
    std::vector<int64_t> versions;
    log().read_stream_back(stream, before, max, [&](const Event& event) {
      versions.push_back(event.version);
      return true;
    });
    return versions;
  }
  std::vector<Position> log_back(Position before, uint32_t max) {
    std::vector<Position> positions;
    for (const auto& event : log().read_back(before, max)) positions.push_back(event->position);
    return positions;
  }
};
GANTRY_LOG_CONTRACT(ReadBack);
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(ReadBack, OfAStreamBeginsAtItsEnd) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAny, 5), to("cart-2", kAny, 2)}));
  EXPECT_THAT(stream_back("cart-1", 0, 3), ElementsAre(5, 4, 3));
  EXPECT_THAT(stream_back("cart-1", 3, 100), ElementsAre(2, 1));
  EXPECT_THAT(stream_back("cart-1", 100, 1), ElementsAre(5));
  EXPECT_THAT(stream_back("cart-1", 1, 100), IsEmpty());
  EXPECT_THAT(stream_back("cart-9", 0, 100), IsEmpty());
}

TEST_P(ReadBack, OfTheLogBeginsAtItsEnd) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAny, 3), to("cart-2", kAny, 2)}));
  EXPECT_THAT(log_back(0, 2), ElementsAre(5, 4));
  EXPECT_THAT(log_back(4, 100), ElementsAre(3, 2, 1));
  EXPECT_THAT(log_back(1, 100), IsEmpty());
}

TEST_P(ReadBack, NeverReturnsMoreThanAPage) {
  open({.read_page_events_max = 2});
  log().append_wait(unit(1, {to("cart-1", kAny, 9)}));
  EXPECT_THAT(log_back(0, 100), ElementsAre(9, 8));
}

TEST_P(ReadBack, OfAnEmptyLogFindsNothing) {
  open();
  EXPECT_THAT(log_back(0, 100), IsEmpty());
}
}  // namespace
}  // namespace gantry::log::test
