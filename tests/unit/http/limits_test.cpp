// Each limit at a small value.
#include "core/http/limits.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "client.hpp"
#include "test_edge.hpp"

namespace gantry::http {
namespace {

TEST(Limits, CloseASilentConnection) {
  Limits limits;
  limits.keep_alive_timeout_ms = 50;
  TestEdge edge(limits);
  const uint16_t port = edge.start();
  Client silent(port);
  EXPECT_TRUE(silent.closed());
  Client once(port);
  EXPECT_EQ(once.ask(get("/")).status, 200);
  EXPECT_TRUE(once.closed());
}

TEST(Limits, RefuseASlowHead) {
  Limits limits;
  limits.header_timeout_ms = 100;
  TestEdge edge(limits);
  Client client(edge.start());
  client.say("GET / HTTP/1.1\r\nHost:");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(answer.body.rfind("REQUEST_TIMEOUT", 0), 0u);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(edge.server.counters()[Reason::kSlowHeader], 1u);
}

TEST(Limits, MeasureTheHeadFromItsFirstByteHoweverItDrips) {
  Limits limits;
  limits.header_timeout_ms = 150;
  TestEdge edge(limits);
  Client client(edge.start());
  const std::string head = "GET / HTTP/1.1\r\n" + std::string(4000, 'x');
  // One byte per 5 ms would last 20 s.
  size_t said = 0;
  const SteadyClock clock;
  const int64_t start_ns = clock.monotonic_ns();
  while (said < head.size() && clock.monotonic_ns() - start_ns < 10'000'000'000 &&
         client.say(head.substr(said, 1))) {
    ++said;
    pollfd nothing{-1, 0, 0};
    ::poll(&nothing, 1, 5);
    if (edge.server.counters()[Reason::kSlowHeader] != 0) break;
  }
  EXPECT_EQ(client.answer().status, 408);
}

TEST(Limits, RefuseABodyThatTakesTooLong) {
  Limits limits;
  limits.body_timeout_ms = 100;
  limits.body_rate_min_bytes_per_s = 0;
  TestEdge edge(limits);
  const uint16_t port = edge.start();
  for (const char* framing : {"Content-Length: 9\r\n\r\nx", "Content-Length: 90000\r\n\r\nx",
                              "Transfer-Encoding: chunked\r\n\r\n9\r\nx"}) {
    Client client(port);
    client.say(std::string("POST / HTTP/1.1\r\nHost: a\r\n") + framing);
    EXPECT_EQ(client.answer().status, 408) << framing;
    EXPECT_TRUE(client.closed());
  }
  EXPECT_EQ(edge.server.counters()[Reason::kSlowBody], 3u);
}

TEST(Limits, RefuseABodyThatArrivesTooSlowly) {
  Limits limits;
  limits.body_timeout_ms = 15'000;
  limits.body_rate_grace_ms = 50;
  limits.body_rate_min_bytes_per_s = 1000;
  TestEdge edge(limits);
  Client client(edge.start());
  // 100 bytes buy 100 ms.
  client.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(100, 'x'));
  const SteadyClock clock;
  const int64_t start_ns = clock.monotonic_ns();
  EXPECT_EQ(client.answer().status, 408);
  const int64_t waited_ms = (clock.monotonic_ns() - start_ns) / 1'000'000;
  EXPECT_GE(waited_ms, 90);
  EXPECT_LT(waited_ms, 10'000);
}

TEST(Limits, AnswerForAHandlerThatIsLateAndDropItsAnswer) {
  Limits limits;
  limits.handler_timeout_ms = 50;
  TestEdge edge(limits);
  std::atomic<pipeline::Exchange*> held{nullptr};
  std::atomic<uint32_t> generation{0};
  edge.handler.on("/late", [&](pipeline::Exchange& e) {
    generation = e.generation.load();
    held = &e;
  });
  const uint16_t port = edge.start();
  Client client(port);
  const Answer answer = client.ask(get("/late"));
  EXPECT_EQ(answer.status, 504);
  EXPECT_EQ(answer.body.rfind("TIMEOUT", 0), 0u);
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(edge.handler.wait_ended(true, 1));
  EXPECT_EQ(edge.server.counters()[Reason::kHandlerTimeout], 1u);

  // Whoever brings the late answer finds a newer generation.
  std::atomic<int> stale{-1};
  edge.server.loops()[0]->post([&] {
    stale = held.load()->generation.load() != generation.load();
    stale.notify_all();
  });
  stale.wait(-1);
  EXPECT_EQ(stale, 1);
  EXPECT_EQ(Client(port).ask(get("/next")).body, "GET /next ");
}

TEST(Limits, IgnoreAnAnswerGivenTwice) {
  TestEdge edge;
  edge.handler.on("/twice", [](pipeline::Exchange& e) {
    e.response.status = 200;
    e.response.body = "once";
    e.transport->send(e);
    e.transport->send(e);
    e.transport->stream_head(e);
    EXPECT_FALSE(e.transport->stream_piece(e, "x"));
    e.transport->stream_end(e);
  });
  Client client(edge.start());
  EXPECT_EQ(client.ask(get("/twice")).body, "once");
  EXPECT_EQ(client.ask(get("/next")).body, "GET /next ");
}

TEST(Limits, ResetAReaderThatStalls) {
  Limits limits;
  limits.write_stall_timeout_ms = 100;
  TestEdge edge(limits);
  edge.handler.on("/large", [](pipeline::Exchange& e) {
    e.response.status = 200;
    e.response.body.assign(16 * 1024 * 1024, 'l');
    e.transport->send(e);
  });
  Client client(edge.start(), 8 * 1024);
  client.say(get("/large"));
  EXPECT_TRUE(edge.handler.wait_ended(false, 1));
  client.rest();
  EXPECT_TRUE(client.reset());
}

TEST(Limits, CloseAfterSoManyRequests) {
  Limits limits;
  limits.requests_per_connection_max = 3;
  TestEdge edge(limits);
  Client client(edge.start());
  client.say(get("/1") + get("/2") + get("/3") + get("/4"));
  EXPECT_FALSE(client.answer().has("Connection: close"));
  EXPECT_FALSE(client.answer().has("Connection: close"));
  EXPECT_TRUE(client.answer().has("Connection: close"));
  EXPECT_TRUE(client.closed());
  EXPECT_FALSE(client.reset());
  EXPECT_EQ(edge.handler.seen().size(), 3u);
}

TEST(Limits, ObeyTheRoutesBodySizeBothWays) {
  Limits limits;
  limits.body_bytes_max = 10;
  TestEdge edge(limits);
  edge.handler.on_head("/wide", [](pipeline::Exchange& e) { e.body_bytes_max = 20; });
  edge.handler.on_head("/tight", [](pipeline::Exchange& e) { e.body_bytes_max = 5; });
  const uint16_t port = edge.start();
  const auto ask = [&](std::string_view target, size_t size) {
    Client client(port);
    return client
        .ask("POST " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " +
             std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'))
        .status;
  };
  EXPECT_EQ(ask("/plain", 10), 200);
  EXPECT_EQ(ask("/plain", 11), 413);
  EXPECT_EQ(ask("/wide", 20), 200);
  EXPECT_EQ(ask("/wide", 21), 413);
  EXPECT_EQ(ask("/tight", 5), 200);
  EXPECT_EQ(ask("/tight", 6), 413);
}

TEST(Limits, CountTheConnectionsOfAllLoops) {
  Limits limits;
  limits.connections_max = 3;
  TestEdge edge(limits, 2);
  const uint16_t port = edge.start();
  std::vector<Client> inside;
  for (int i = 0; i < 3; ++i) {
    inside.emplace_back(port);
    EXPECT_EQ(inside.back().ask(get("/")).status, 200);
  }
  Client outside(port);
  EXPECT_TRUE(outside.closed());
  EXPECT_EQ(edge.server.counters()[Reason::kLimit], 1u);
  EXPECT_EQ(edge.server.connections(), 3u);
}

TEST(Limits, CountTheConnectionsOfOneAddress) {
  Limits limits;
  limits.connections_per_address_max = 2;
  TestEdge edge(limits);
  const uint16_t port = edge.start();
  Client first(port);
  EXPECT_EQ(first.ask(get("/")).status, 200);
  {
    Client second(port);
    EXPECT_EQ(second.ask(get("/")).status, 200);
    Client third(port);
    EXPECT_TRUE(third.closed());
    EXPECT_EQ(second.ask(get("/", "Connection: close\r\n")).status, 200);
    EXPECT_TRUE(second.closed());
  }
  // The server closes before the client sees it; the seat is free once the connection is reaped.
  bool let_in = false;
  for (int i = 0; i < 1000 && !let_in; ++i) {
    Client again(port);
    let_in = again.ask(get("/", "Connection: close\r\n")).status == 200;
  }
  EXPECT_TRUE(let_in);
  EXPECT_GE(edge.server.counters()[Reason::kIpLimit], 1u);
}

TEST(Limits, CanChangeWhileTheServerRuns) {
  TestEdge edge;
  const uint16_t port = edge.start();
  Limits limits;
  limits.request_line_bytes_max = 30;
  edge.server.set_limits(limits);
  Client client(port);
  EXPECT_EQ(client.ask(get("/" + std::string(40, 'u'))).status, 414);
}

}  // namespace
}  // namespace gantry::http
