#include "core/http/response_writer.hpp"

#include <gtest/gtest.h>

namespace gantry::http {
namespace {

class FixedClock final : public base::Clock {
 public:
  Instant now() const override { return at; }
  int64_t monotonic_ns() const override { return 0; }
  Instant at;
};

TEST(ResponseWriter, WritesStatusLengthConnectionAndTheHandlersHeaders) {
  std::string out;
  ResponseHead head;
  head.status = 201;
  head.date_line = "Date: x\r\n";
  head.body_bytes = 12;
  head.headers = "Location: /1\r\n";
  head.connection = "close";
  write_head(out, head);
  EXPECT_EQ(out,
            "HTTP/1.1 201 Created\r\nDate: x\r\nContent-Length: 12\r\nConnection: close\r\n"
            "Location: /1\r\n\r\n");
}

TEST(ResponseWriter, KnowsNoPhraseForOddStatuses) {
  std::string out;
  ResponseHead head;
  head.status = 299;
  head.length = Length::kNone;
  write_head(out, head);
  EXPECT_EQ(out, "HTTP/1.1 299 \r\n\r\n");
}

TEST(ResponseWriter, WritesChunksInHexadecimal) {
  std::string out;
  write_chunk(out, std::string(26, 'x'));
  EXPECT_EQ(out, "1a\r\n" + std::string(26, 'x') + "\r\n");
}

TEST(DateLine, IsTheDateOfRfc9110AndMadeOncePerSecond) {
  FixedClock clock;
  clock.at = *Instant::parse("1994-11-06T08:49:37.250Z");
  DateLine date;
  EXPECT_EQ(date.at(clock, 0), "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  clock.at = *Instant::parse("2026-02-28T23:59:59Z");
  EXPECT_EQ(date.at(clock, 749'000'000), "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  EXPECT_EQ(date.at(clock, 751'000'000), "Date: Sat, 28 Feb 2026 23:59:59 GMT\r\n");
}

}  // namespace
}  // namespace gantry::http
