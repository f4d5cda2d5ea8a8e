// The fuzz target in the normal test run: the seeds, and a bounded number of mutations of them.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  const std::filesystem::path corpus = GANTRY_SOURCE_DIR "/tests/fuzz/http/corpus";
  for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
    std::ifstream file(entry.path(), std::ios::binary);
    all.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return all;
}

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

TEST(HttpFuzz, HoldsForTheSeedsCutAnywhere) {
  const auto all = seeds();
  ASSERT_GE(all.size(), 8u);
  for (const std::string& seed : all) {
    for (size_t length = 1; length <= seed.size(); ++length) run(seed.substr(0, length));
  }
}

TEST(HttpFuzz, HoldsForTwentyThousandMutations) {
  const auto all = seeds();
  std::mt19937 random(20260801);  // NOLINT(cert-msc32-c): the same run every time
  const auto below = [&](size_t bound) { return static_cast<size_t>(random() % bound); };
  const std::vector<std::string> dictionary = {"\r\n",
                                               "\n",
                                               "\r",
                                               "\r\n\r\n",
                                               ":",
                                               " ",
                                               "\t",
                                               ",",
                                               ";",
                                               "0",
                                               "ffffffff",
                                               "chunked",
                                               "Transfer-Encoding: chunked\r\n",
                                               "Content-Length: 5\r\n",
                                               "Host: a\r\n",
                                               "HTTP/1.1",
                                               "HTTP/1.0",
                                               "http://a/",
                                               "Connection: x\r\n",
                                               "X: y\r\n",
                                               std::string(1, '\0'),
                                               "\x7f",
                                               "%"};
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = all[below(all.size())];
    for (size_t edits = 1 + below(4); edits > 0; --edits) {
      const size_t at = below(bytes.size() + 1);
      switch (below(5)) {
        case 0:
          if (at < bytes.size()) bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.insert(at, dictionary[below(dictionary.size())]);
          break;
        case 2:
          bytes.erase(at, 1 + below(8));
          break;
        case 3:
          bytes.insert(at, bytes.substr(below(bytes.size() + 1), below(40)));
          break;
        default:
          bytes.insert(at, below(300), static_cast<char>('a' + below(26)));
          break;
      }
    }
    run(bytes);
  }
}

}  // namespace
