// Router: which route takes a path, and what is said when none does.
#include "core/pipeline/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gantry::pipeline {
namespace {

class Routes : public testing::Test {
 protected:
  uint32_t add(std::string_view method, std::string_view pattern) {
    const auto refusal = router_.add(method, pattern, count_);
    EXPECT_FALSE(refusal) << refusal->reason;
    return count_++;
  }
  std::string refused(std::string_view method, std::string_view pattern) {
    const auto refusal = router_.add(method, pattern, 99);
    if (!refusal) return "taken";
    return refusal->reason + (refusal->conflict ? " #" + std::to_string(*refusal->conflict) : "");
  }
  // "0 a b": target and parameters; otherwise the kind.
  std::string find(std::string_view method, std::string_view path) {
    const Found found = router_.find(method_of(method), path, arena_);
    if (found.kind == Found::Kind::kNoPath) return "no path";
    if (found.kind == Found::Kind::kBadEncoding) return "bad encoding";
    if (found.kind == Found::Kind::kNoMethod) return "allow " + allow_text(found.methods);
    std::string out = std::to_string(found.target);
    for (uint32_t i = 0; i < found.param_count; ++i) {
      out += " " + std::string(found.params[i].data, found.params[i].size);
    }
    return out;
  }
  Router router_;
  std::pmr::monotonic_buffer_resource arena_;  // what was found points into it
  uint32_t count_ = 0;
};
constexpr std::string_view kId = "0190a5c8-0000-7000-8000-00000000000a";

TEST_F(Routes, TakeParametersInTheOrderOfThePattern) {
  add("GET", "/api/events/{id:uuid}/sections/{section}");
  EXPECT_EQ(find("GET", "/api/events/0190a5c8-0000-7000-8000-00000000000a/sections/B"),
            "0 " + std::string(kId) + " B");
}

TEST_F(Routes, PreferALiteralToAUuidToAnIntToAText) {
  add("GET", "/a/{x}");
  add("GET", "/a/{x:int}");
  add("GET", "/a/{x:uuid}");
  add("GET", "/a/me");
  EXPECT_EQ(find("GET", "/a/me"), "3");
  EXPECT_EQ(find("GET", "/a/" + std::string(kId)), "2 " + std::string(kId));
  EXPECT_EQ(find("GET", "/a/-17"), "1 -17");
  EXPECT_EQ(find("GET", "/a/17x"), "0 17x");
}

TEST_F(Routes, GoBackToAParameterWhenTheLiteralLeadsNowhere) {
  add("GET", "/a/me/x");
  add("GET", "/a/{id}/y");
  EXPECT_EQ(find("GET", "/a/me/y"), "1 me");
}

TEST_F(Routes, DoNotMatchAParameterThatDoesNotParse) {
  add("GET", "/a/{id:uuid}");
  add("GET", "/n/{n:int}");
  EXPECT_EQ(find("GET", "/a/17"), "no path");
  EXPECT_EQ(find("GET", "/n/9999999999999999999"), "no path");
}

TEST_F(Routes, SeeATrailingSlashAsAnotherPath) {
  add("GET", "/a");
  add("GET", "/docs/");
  EXPECT_EQ(find("GET", "/a/"), "no path");
  EXPECT_EQ(find("GET", "/docs"), "no path");
  EXPECT_EQ(find("GET", "/docs/"), "1");
  EXPECT_EQ(find("GET", "/a//"), "no path");
}

TEST_F(Routes, NeverFillATextParameterWithNothingOrDots) {
  add("GET", "/f/{name}");
  EXPECT_EQ(find("GET", "/f/"), "no path");
  EXPECT_EQ(find("GET", "/f/.."), "no path");
  EXPECT_EQ(find("GET", "/f/%2e%2E"), "no path");
  EXPECT_EQ(find("GET", "/f/..a"), "0 ..a");
}

TEST_F(Routes, DecodeSegmentsAfterSplittingThem) {
  add("GET", "/f/{name}");
  EXPECT_EQ(find("GET", "/f/a%2Fb%20c"), "0 a/b c");
  EXPECT_EQ(find("GET", "/%66/x"), "0 x");
}

TEST_F(Routes, RefuseEncodingThatIsBroken) {
  add("GET", "/f/{name}");
  for (const std::string path : {"/f/%", "/f/%4", "/f/%zz", "/f/%00", "/f/%0a", "/f/%ff"}) {
    EXPECT_EQ(find("GET", path), "bad encoding") << path;
  }
}

TEST_F(Routes, TellWhichMethodsAPathHas) {
  add("GET", "/a");
  add("POST", "/a");
  EXPECT_EQ(find("DELETE", "/a"), "allow GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(find("OPTIONS", "/a"), "allow GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(find("OPTIONS", "/b"), "no path");
}

TEST_F(Routes, RefuseTheSameMethodAndShapeTwice) {
  add("GET", "/a/{id:uuid}/b");
  EXPECT_EQ(refused("GET", "/a/{other:uuid}/b"), "the same method and path #0");
  EXPECT_EQ(refused("POST", "/a/{other:uuid}/b"), "taken");
}

TEST_F(Routes, RefusePatternsThatMakeNoSense) {
  EXPECT_NE(refused("HEAD", "/a"), "taken");
  EXPECT_NE(refused("GET", "a"), "taken");
  EXPECT_NE(refused("GET", "/a//b"), "taken");
  EXPECT_NE(refused("GET", "/a/x{id}"), "taken");
  EXPECT_NE(refused("GET", "/a/{id:date}"), "taken");
  EXPECT_NE(refused("GET", "/a/{}"), "taken");
  EXPECT_NE(refused("GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}"), "taken");
}

TEST_F(Routes, NeedNoMemoryForAPathWithoutPercentSigns) {
  add("GET", "/api/events/{id:uuid}/sections/{section}");
  const Found found =
      router_.find(Method::kGet, "/api/events/0190a5c8-0000-7000-8000-00000000000a/sections/B",
                   *std::pmr::null_memory_resource());
  EXPECT_EQ(found.kind, Found::Kind::kRoute);
}

}  // namespace
}  // namespace gantry::pipeline
