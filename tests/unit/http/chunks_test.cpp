#include "core/http/chunks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gantry::http {
namespace {

struct Decoded {
  ChunkDecoder::State state = ChunkDecoder::State::kMore;
  std::string body;
  size_t used = 0;
  int refused_with = 0;
};

Decoded decode(std::string_view bytes, size_t step, uint64_t bytes_max = 1000) {
  Decoded result;
  ChunkDecoder decoder;
  decoder.reset(bytes_max);
  while (result.used < bytes.size() && result.state == ChunkDecoder::State::kMore) {
    size_t used = 0;
    result.state = decoder.decode(bytes.substr(result.used, step), used, result.body, Limits());
    result.used += used;
  }
  if (result.state == ChunkDecoder::State::kRefused) result.refused_with = decoder.refusal().status;
  return result;
}

TEST(ChunkDecoder, JoinsChunksAndDropsExtensionsAndTrailers) {
  const std::string body =
      "4;name=\"v;\"\r\nWiki\r\n00000005\r\npedia\r\n0;last\r\nX-Sum: 1\r\nX: \r\n\r\n";
  for (const size_t step : {1, 2, 3, 7, 1000}) {
    const Decoded d = decode(body + "GET /", step);
    EXPECT_EQ(d.state, ChunkDecoder::State::kDone) << step;
    EXPECT_EQ(d.body, "Wikipedia") << step;
    EXPECT_EQ(d.used, body.size()) << step;
  }
}

TEST(ChunkDecoder, RefusesWhatCouldBeReadInTwoWays) {
  for (const std::string bytes : {"\r\n",           "g\r\n",
                                  "-1\r\n",         "+1\r\n",
                                  "0x1\r\n",        " 1\r\n",
                                  "1 \r\n",         "1\n",
                                  "1\ra\r\n",       "000000001\r\n",
                                  "fffffffff\r\n",  "1;a\n",
                                  "1;a\rb\r\n",     "1;\x01\r\n",
                                  "1\r\nab\r\n",    "1\r\na\n",
                                  "1\r\na\rx",      "0\r\n\n",
                                  "0\r\nA\r\n",     "0\r\n A: 1\r\n",
                                  "0\r\nA : 1\r\n", "0\r\nA: \x01\r\n",
                                  "0\r\nA: 1\n",    "0\r\n\rx",
                                  "0\r\n: 1\r\n"}) {
    EXPECT_EQ(decode(bytes, 1000).refused_with, 400) << testing::PrintToString(bytes);
    EXPECT_EQ(decode(bytes, 1).refused_with, 400) << testing::PrintToString(bytes);
  }
}

TEST(ChunkDecoder, BoundsExtensions) {
  EXPECT_EQ(decode("1;" + std::string(255, 'x') + "\r\na\r\n0\r\n\r\n", 1000).state,
            ChunkDecoder::State::kDone);
  EXPECT_EQ(decode("1;" + std::string(256, 'x') + "\r\na\r\n0\r\n\r\n", 1000).refused_with, 400);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "1;" + std::string(200, 'x') + "\r\na\r\n";
  EXPECT_EQ(decode(many, 1000).refused_with, 400);
}

TEST(ChunkDecoder, BoundsTrailers) {
  EXPECT_EQ(decode("0\r\nA: " + std::string(9000, 'x') + "\r\n\r\n", 1000).refused_with, 431);
  std::string many = "0\r\n";
  for (int i = 0; i < 101; ++i) many += "a:\r\n";
  EXPECT_EQ(decode(many, 1000).refused_with, 431);
}

TEST(ChunkDecoder, RefusesABodyThatGrowsTooLargeBeforeTakingIt) {
  EXPECT_EQ(decode("5\r\nabcde\r\n5\r\nfghij\r\n0\r\n\r\n", 1000, 10).body, "abcdefghij");
  const Decoded d = decode("5\r\nabcde\r\n6\r\nfghijk\r\n0\r\n\r\n", 1000, 10);
  EXPECT_EQ(d.refused_with, 413);
  EXPECT_EQ(d.body, "abcde");
  EXPECT_EQ(decode("ffffffff\r\n", 1000, 10).refused_with, 413);
}

}  // namespace
}  // namespace gantry::http
