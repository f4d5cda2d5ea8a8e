#include "core/http/parser.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gantry::http {
namespace {

struct Parsed {
  HeadParser parser;
  HeadParser::State state = HeadParser::State::kMore;
  pipeline::Request request;
  std::string bytes;

  explicit Parsed(std::string head, const Limits& limits = {}) : bytes(std::move(head)) {
    state = parser.parse(bytes.data(), bytes.size(), request, limits);
  }
  bool done() const { return state == HeadParser::State::kDone; }
  int refused_with() const {
    return state == HeadParser::State::kRefused ? parser.refusal().status : 0;
  }
};

TEST(HeadParser, SplitsARequestIntoItsParts) {
  const Parsed p(
      "POST /api/events?page=2&x=%20 HTTP/1.1\r\nHost: example.org:8080\r\n"
      "Content-Length: 12\r\nX-Note: \t a, b \t\r\n\r\n");
  ASSERT_TRUE(p.done());
  EXPECT_EQ(p.request.method, "POST");
  EXPECT_EQ(p.request.target, "/api/events?page=2&x=%20");
  EXPECT_EQ(p.request.path, "/api/events");
  EXPECT_EQ(p.request.query, "page=2&x=%20");
  EXPECT_EQ(p.request.header("host"), "example.org:8080");
  EXPECT_EQ(p.request.header("x-note"), "a, b");
  EXPECT_TRUE(p.request.has_body);
  EXPECT_EQ(p.parser.framing().content_length, 12u);
  EXPECT_EQ(p.parser.head_bytes(), p.bytes.size());
}

TEST(HeadParser, LeavesWhatFollowsTheBlankLine) {
  const Parsed p("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /next");
  ASSERT_TRUE(p.done());
  EXPECT_EQ(p.bytes.substr(p.parser.head_bytes()), "GET /next");
}

TEST(HeadParser, GivesTheSameResultForEverySplit) {
  const std::string head =
      "\r\nPUT http://a.b:1/p?q HTTP/1.1\r\nHOST: a.b:1\r\nAccept: */*\r\n"
      "Connection: x-gone, close\r\nX-Gone: 1\r\nx_under: 2\r\nTransfer-Encoding: Chunked\r\n\r\n";
  const Parsed whole(head);
  ASSERT_TRUE(whole.done());
  for (size_t cut = 0; cut <= head.size(); ++cut) {
    std::string bytes = head;
    HeadParser parser;
    pipeline::Request request;
    for (size_t size : {cut, (cut + head.size()) / 2, head.size()}) {
      if (parser.parse(bytes.data(), size, request, {}) != HeadParser::State::kMore) break;
    }
    EXPECT_EQ(parser.head_bytes(), head.size()) << cut;
    EXPECT_EQ(request.headers.size(), whole.request.headers.size()) << cut;
    EXPECT_EQ(request.path, "/p") << cut;
    EXPECT_TRUE(parser.framing().chunked) << cut;
  }
}

TEST(HeadParser, KeepsConnectionsAliveByVersionAndOption) {
  const auto keeps = [](const std::string& head) {
    return Parsed(head).parser.framing().keep_alive;
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST(HeadParser, DropsUnderscoreHeaders) {
  const Parsed p("GET / HTTP/1.1\r\nHost: a\r\nX_User: root\r\nX-User: me\r\n\r\n");
  ASSERT_TRUE(p.done());
  EXPECT_EQ(p.request.headers.size(), 2u);
  EXPECT_EQ(p.request.header("x-user"), "me");
}

TEST(HeadParser, DropsHeadersNamedInConnection) {
  const Parsed p(
      "GET / HTTP/1.1\r\nHost: a\r\nX-Role: admin\r\nConnection: X-Role, host, upgrade\r\n"
      "Upgrade: websocket\r\nKeep-Alive: 5\r\nConnection: keep-alive\r\nAccept: b\r\n\r\n");
  ASSERT_TRUE(p.done());
  EXPECT_EQ(p.request.header("x-role"), "");
  EXPECT_EQ(p.request.header("keep-alive"), "");
  EXPECT_EQ(p.request.header("host"), "a");
  EXPECT_EQ(p.request.header("upgrade"), "websocket");
  EXPECT_EQ(p.request.header("accept"), "b");
}

TEST(HeadParser, TakesTheFormsOfATarget) {
  const Parsed absolute("GET HTTP://A.example/x?y HTTP/1.1\r\nHost: a.EXAMPLE\r\n\r\n");
  ASSERT_TRUE(absolute.done());
  EXPECT_EQ(absolute.request.path, "/x");
  EXPECT_EQ(absolute.request.query, "y");
  const Parsed bare("GET http://a?y HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(bare.done());
  EXPECT_EQ(bare.request.path, "/");
  EXPECT_EQ(bare.request.query, "y");
  const Parsed star("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(star.done());
  EXPECT_EQ(star.request.path, "*");
  EXPECT_EQ(Parsed("GET * HTTP/1.1\r\nHost: a\r\n\r\n").refused_with(), 400);
}

TEST(HeadParser, RefusesBadTargets) {
  for (const char* target : {"x", "/a#b", "/a\"b", "/a<b", "/a\\b", "/a\x80", "ftp://a/", "http://",
                             "http:///x", "http://u@a/", "http://a:99999/", "//", "/%zz"}) {
    const Parsed p(std::string("GET ") + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    const bool routers_business = std::string(target) == "//" || std::string(target) == "/%zz";
    EXPECT_EQ(p.refused_with(), routers_business ? 0 : 400) << target;
  }
}

TEST(HeadParser, TakesOnlyPlainHosts) {
  for (const char* host : {"a", "a.b-c_d~", "127.0.0.1:80", "[::1]", "[2001:db8::1]:65535"}) {
    EXPECT_TRUE(Parsed(std::string("GET / HTTP/1.1\r\nHost: ") + host + "\r\n\r\n").done()) << host;
  }
  for (const char* host : {"", "a b", "a/b", "u@a", "a,b", "a:", "a:1x", "a:65536", "[::1", "[x]",
                           "[]", "[::1]x", ":80", "%41"}) {
    EXPECT_EQ(Parsed(std::string("GET / HTTP/1.1\r\nHost: ") + host + "\r\n\r\n").refused_with(),
              400)
        << host;
  }
}

TEST(HeadParser, CountsTheRequestLineExactly) {
  Limits limits;
  limits.request_line_bytes_max = 20;  // "GET /123456 HTTP/1.1" is 20 bytes
  EXPECT_TRUE(Parsed("GET /123456 HTTP/1.1\r\nHost: a\r\n\r\n", limits).done());
  EXPECT_EQ(Parsed("GET /1234567 HTTP/1.1\r\nHost: a\r\n\r\n", limits).refused_with(), 414);
  EXPECT_EQ(Parsed("GET /12345678901234567", limits).refused_with(), 414);
}

TEST(HeadParser, CountsTheHeadersExactly) {
  Limits limits;
  limits.header_bytes_max = 19;  // "Host: a\r\n" 9, "X: 123\r\n" 8, blank line 2
  EXPECT_TRUE(Parsed("GET / HTTP/1.1\r\nHost: a\r\nX: 123\r\n\r\n", limits).done());
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: a\r\nX: 1234\r\n\r\n", limits).refused_with(), 431);
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: aaaaaaaaaaaaaaa", limits).refused_with(), 431);
  limits.headers_max = 1;
  EXPECT_TRUE(Parsed("GET / HTTP/1.1\r\nHost: a\r\n\r\n", limits).done());
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n", limits).refused_with(), 431);
}

TEST(HeadParser, SaturatesAHugeContentLength) {
  const Parsed p("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n");
  ASSERT_TRUE(p.done());
  EXPECT_EQ(p.parser.framing().content_length, UINT64_MAX);
}

TEST(HeadParser, IgnoresExpectationsOfOldClients) {
  const Parsed p("POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(p.done());
  EXPECT_FALSE(p.parser.framing().expects_continue);
}

TEST(HeadParser, NamesTheFault) {
  const Parsed p("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(p.refused_with(), 400);
  EXPECT_EQ(p.parser.refusal().detail, "two Content-Length headers");
  EXPECT_EQ(p.parser.refusal().reason, Reason::kSmuggling);
}

}  // namespace
}  // namespace gantry::http
