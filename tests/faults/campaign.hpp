// What the tests of the campaign share: how long they run, and how they wait.
#pragma once
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "tests/support/storage.hpp"

namespace gantry::tests {

// ./dev test --long
inline bool is_long() {
  return std::getenv("GANTRY_TEST_LONG") != nullptr && *std::getenv("GANTRY_TEST_LONG") != '\0';
}

// Until `reached` says true; false when it does not within `within`.
template <class Reached>
bool comes_true(std::chrono::milliseconds within, Reached&& reached) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (!reached()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

inline int64_t milliseconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               began)
      .count();
}

inline std::vector<Engine> engines() { return {Engine::sqlite, Engine::postgresql}; }

#define GANTRY_ON_BOTH_ENGINES(suite)                               \
  INSTANTIATE_TEST_SUITE_P(On, suite, testing::ValuesIn(engines()), \
                           [](const auto& one) { return name_of(one.param); })

// At the top of a test that takes a guard away.
#define GANTRY_NEEDS_MUTATIONS() \
  if (const std::string why = why_no_mutations(); !why.empty()) GTEST_SKIP() << why

}  // namespace gantry::tests
