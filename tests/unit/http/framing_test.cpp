// Every way of sending a request that two programs could read differently, over real sockets: the
// answer, the closing of the connection, and that nothing hidden behind it is ever handled.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client.hpp"
#include "test_edge.hpp"

namespace gantry::http {
namespace {

struct Row {
  std::string name;
  std::string bytes;
  int status;
  std::string detail;     // found in the answer
  bool finishes = false;  // the client half-closes afterwards
};

std::string request(std::string_view headers, std::string_view body = "") {
  return std::string("POST /first HTTP/1.1\r\nHost: a\r\n")
      .append(headers)
      .append("\r\n")
      .append(body);
}
std::string chunked(std::string_view body) {
  return request("Transfer-Encoding: chunked\r\n", body);
}

std::vector<Row> rows() {
  using std::string;
  return {
      {"CL with TE", request("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
       400, "Content-Length together with Transfer-Encoding"},
      {"TE with CL", request("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
       400, "Content-Length together with Transfer-Encoding"},
      {"two CL", request("Content-Length: 1\r\nContent-Length: 2\r\n", "x"), 400,
       "two Content-Length headers"},
      {"two equal CL", request("Content-Length: 1\r\nContent-Length: 1\r\n", "x"), 400,
       "two Content-Length headers"},
      {"list in CL", request("Content-Length: 1, 1\r\n", "x"), 400, "not a number"},
      {"signed CL", request("Content-Length: +1\r\n", "x"), 400, "not a number"},
      {"negative CL", request("Content-Length: -1\r\n", "x"), 400, "not a number"},
      {"hexadecimal CL", request("Content-Length: 0x1\r\n", "x"), 400, "not a number"},
      {"empty CL", request("Content-Length:\r\n"), 400, "an empty Content-Length"},
      {"unknown TE", request("Transfer-Encoding: gzip\r\n"), 501, "other than chunked"},
      {"TE list", request("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501,
       "other than chunked"},
      {"TE identity", request("Transfer-Encoding: identity\r\n"), 501, "other than chunked"},
      {"obscured TE", request("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501,
       "other than chunked"},
      {"TE twice in one", request("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 400,
       "not exactly chunked"},
      {"TE with comma", request("Transfer-Encoding: chunked,\r\n", "0\r\n\r\n"), 400,
       "Transfer-Encoding"},
      {"TE with parameter", request("Transfer-Encoding: chunked;a=b\r\n", "0\r\n\r\n"), 400,
       "malformed Transfer-Encoding"},
      {"quoted TE", request("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 400,
       "malformed Transfer-Encoding"},
      {"empty TE", request("Transfer-Encoding:\r\n"), 400, "malformed Transfer-Encoding"},
      {"two TE",
       request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400,
       "two Transfer-Encoding headers"},
      {"vertical tab in TE", request("Transfer-Encoding:\vchunked\r\n", "0\r\n\r\n"), 400,
       "control byte"},
      {"TE on HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
       "HTTP/1.0"},
      {"space before colon", request("Content-Length : 1\r\n", "x"), 400, "before the colon"},
      {"tab before colon", request("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n"), 400,
       "before the colon"},
      {"folded header", request("X: 1\r\n 2\r\n"), 400, "folded"},
      {"folded first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, "folded"},
      {"folded TE", request("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), 400, "folded"},
      {"no colon", request("X-Y\r\n"), 400, "without a colon"},
      {"bare CR in a value", request("X: a\rb\r\n"), 400, "bare CR"},
      {"bare CR in a name", request("X\rY: b\r\n"), 400, "bare CR"},
      {"bare CR in the request line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bare CR"},
      {"bare LF after a header", request("X: a\n"), 400, "LF without CR"},
      {"bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400, "LF without CR"},
      {"bare LF as blank line", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400, "LF without CR"},
      {"NUL in a value", request(string("X: a\0b\r\n", 8)), 400, "control byte"},
      {"NUL in a name", request(string("X\0: b\r\n", 7)), 400, "control byte"},
      {"DEL in a value", request("X: \x7f\r\n"), 400, "control byte"},
      {"control in the target", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "control byte"},
      {"empty name", request(": x\r\n"), 400, "empty header name"},
      {"bracket in a name", request("X(y): x\r\n"), 400, "not allowed"},
      {"byte above 127 in a name", request("X\xc3\xa4: x\r\n"), 400, "not allowed"},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "no Host"},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "two Host"},
      {"two Hosts on HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400, "two Host"},
      {"bad Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "bad Host"},
      {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, "bad Host"},
      {"other authority", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "differs"},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, "HTTP/1.1"},
      {"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP/1.1"},
      {"HTTP/0.9", "GET /\r\n", 400, "method, target and version"},
      {"lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400, "HTTP version"},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "HTTP version"},
      {"trailing space", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "HTTP version"},
      {"two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "empty line"},
      {"method not a token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "not a token"},
      {"unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "not known"},
      {"lower-case method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "not known"},
      {"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "TRACE"},
      {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405, "CONNECT"},
      {"fragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "fragment"},
      {"other expectation", request("Expect: 200-ok\r\nContent-Length: 1\r\n", "x"), 417,
       "100-continue"},
      {"nine-digit chunk size", chunked("000000001\r\nx\r\n0\r\n\r\n"), 400, "too many digits"},
      {"chunk size not hexadecimal", chunked("zz\r\nx\r\n0\r\n\r\n"), 400, "its size"},
      {"chunk size 0x1", chunked("0x1\r\nx\r\n0\r\n\r\n"), 400, "not a hexadecimal number"},
      {"negative chunk size", chunked("-1\r\nx\r\n0\r\n\r\n"), 400, "its size"},
      {"space after chunk size", chunked("1 \r\nx\r\n0\r\n\r\n"), 400, "not a hexadecimal number"},
      {"long chunk extension", chunked("1;" + string(256, 'e') + "\r\nx\r\n0\r\n\r\n"), 400,
       "extensions"},
      {"LF in a chunk extension", chunked("1;e\nx\r\n0\r\n\r\n"), 400, "chunk extension"},
      {"LF after chunk size", chunked("1\nx\r\n0\r\n\r\n"), 400, "not a hexadecimal number"},
      {"no CRLF after a chunk", chunked("1\r\nxy0\r\n\r\n"), 400, "not followed by CRLF"},
      {"LF after a chunk", chunked("1\r\nx\n0\r\n\r\n"), 400, "not followed by CRLF"},
      {"bad trailer", chunked("0\r\nX : 1\r\n\r\n"), 400, "trailer"},
      {"long trailers", chunked("0\r\nX: " + string(9000, 't') + "\r\n\r\n"), 431, "trailer"},
      {"end inside a chunk", chunked("5\r\nxy"), 400, "inside a chunked body", true},
      {"end inside a body", request("Content-Length: 5\r\n", "xy"), 400, "Content-Length bytes",
       true},
      {"end inside the headers", "GET / HTTP/1.1\r\nHo", 400, "end of the header fields", true},
      {"long request line", "GET /" + string(9000, 'u') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414,
       "request line"},
      {"long header", request("X: " + string(9000, 'h') + "\r\n"), 431, "header fields"},
      {"announced body too large", request("Content-Length: 1048577\r\n"), 413, "larger"},
      {"impossible body length", request("Content-Length: 99999999999999999999\r\n"), 413,
       "larger"},
      {"chunk too large", chunked("100001\r\n"), 413, "larger"},
  };
}

TEST(Framing, RefusesEveryAmbiguityAndNeverReusesTheConnection) {
  TestEdge edge;
  const uint16_t port = edge.start();
  for (const Row& row : rows()) {
    Client client(port);
    // What an attacker would smuggle, in the same bytes where the row itself does not end early.
    client.say(row.finishes ? row.bytes : row.bytes + get("/smuggled"));
    if (row.finishes) client.finish();
    const Answer answer = client.answer();
    EXPECT_EQ(answer.status, row.status) << row.name;
    EXPECT_TRUE(answer.has("Connection: close")) << row.name << "\n" << answer.head;
    EXPECT_NE(answer.body.find(row.detail), std::string::npos) << row.name << ": " << answer.body;
    EXPECT_TRUE(client.closed()) << row.name;
    EXPECT_FALSE(client.reset()) << row.name;
  }
  EXPECT_TRUE(edge.handler.seen().empty()) << testing::PrintToString(edge.handler.seen());
}

TEST(Framing, GivesTheSameAnswersByteByByte) {
  TestEdge edge;
  const uint16_t port = edge.start();
  for (const Row& row : rows()) {
    if (row.bytes.size() > 400) continue;
    Client client(port);
    for (const char byte : row.bytes) {
      if (!client.say({&byte, 1})) break;
    }
    if (row.finishes) client.finish();
    const Answer answer = client.answer();
    EXPECT_EQ(answer.status, row.status) << row.name;
    EXPECT_NE(answer.body.find(row.detail), std::string::npos) << row.name << ": " << answer.body;
  }
  EXPECT_TRUE(edge.handler.seen().empty());
}

TEST(Framing, NamesTheMethodsServed) {
  TestEdge edge;
  Client client(edge.start());
  const Answer answer = client.ask("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(answer.has("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
}

TEST(Framing, CountsRefusalsByReason) {
  TestEdge edge;
  const uint16_t port = edge.start();
  for (const std::string& bytes :
       {request("Content-Length: 1\r\nContent-Length: 1\r\n"), std::string("x\r\n\r\n"),
        request("X: " + std::string(9000, 'h') + "\r\n"), "GET /" + std::string(9000, 'u'),
        request("Content-Length: 1048577\r\n")}) {
    Client client(port);
    client.say(bytes);
    client.rest();
  }
  const Counters counters = edge.server.counters();
  EXPECT_EQ(counters[Reason::kSmuggling], 1u);
  EXPECT_EQ(counters[Reason::kParse], 1u);
  EXPECT_EQ(counters[Reason::kHeaders], 1u);
  EXPECT_EQ(counters[Reason::kUri], 1u);
  EXPECT_EQ(counters[Reason::kBody], 1u);
  EXPECT_EQ(counters.accepted, 5u);
}

TEST(Framing, ToleratesOneEmptyLineBeforeARequest) {
  TestEdge edge;
  Client client(edge.start());
  EXPECT_EQ(client.ask("\r\n" + get("/a")).body, "GET /a ");
  EXPECT_EQ(client.ask("\r\n" + get("/b")).body, "GET /b ");
}

TEST(Framing, ClosesWhenTheHandlerAnswersBeforeTheBody) {
  TestEdge edge;
  edge.handler.on_head("/denied", [](pipeline::Exchange& e) { e.response.status = 401; });
  Client client(edge.start());
  client.say("POST /denied HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n" + get("/smuggled"));
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(edge.handler.seen().empty());
}

TEST(Framing, KeepsTheConnectionWhenTheHeadIsAnsweredAndThereIsNoBody) {
  TestEdge edge;
  edge.handler.on_head("/denied", [](pipeline::Exchange& e) { e.response.status = 401; });
  Client client(edge.start());
  EXPECT_EQ(client.ask(get("/denied")).status, 401);
  EXPECT_EQ(client.ask(get("/next")).status, 200);
  EXPECT_EQ(edge.handler.seen(), std::vector<std::string>{"/next"});
}

}  // namespace
}  // namespace gantry::http
