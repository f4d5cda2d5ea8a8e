// Answers in pieces.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "client.hpp"
#include "test_edge.hpp"

namespace gantry::http {
namespace {

void three_pieces(pipeline::Exchange& e) {
  e.response.status = 200;
  e.response.header("Content-Type", "text/plain");
  e.transport->stream_head(e);
  EXPECT_TRUE(e.transport->stream_piece(e, "one "));
  EXPECT_TRUE(e.transport->stream_piece(e, ""));
  e.loop->after(10, [&e] {
    e.transport->stream_piece(e, "two ");
    e.loop->after(10, [&e] {
      e.transport->stream_piece(e, "three");
      e.transport->stream_end(e);
    });
  });
}

TEST(Stream, SendsChunksAndKeepsTheConnection) {
  TestEdge edge;
  edge.handler.on("/s", three_pieces);
  Client client(edge.start());
  const Answer answer = client.ask(get("/s"));
  EXPECT_TRUE(answer.has("Transfer-Encoding: chunked"));
  EXPECT_FALSE(answer.has("Content-Length"));
  EXPECT_EQ(answer.body, "one two three");
  EXPECT_EQ(client.ask(get("/next")).body, "GET /next ");
  EXPECT_TRUE(edge.handler.wait_ended(true, 2));
}

TEST(Stream, EndsWithTheConnectionOnHttp10) {
  TestEdge edge;
  edge.handler.on("/s", three_pieces);
  Client client(edge.start());
  const Answer answer = client.ask("GET /s HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_FALSE(answer.has("chunked"));
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_EQ(answer.body, "one two three");
}

TEST(Stream, SendsOnlyTheHeadToHead) {
  TestEdge edge;
  edge.handler.on("/s", three_pieces);
  Client client(edge.start());
  client.say("HEAD /s HTTP/1.1\r\nHost: a\r\n\r\n" + get("/next"));
  EXPECT_TRUE(client.answer(true).has("Transfer-Encoding: chunked"));
  EXPECT_EQ(client.answer().body, "GET /next ");
}

TEST(Stream, RefusesPiecesBeyondTheBufferOfASlowReader) {
  Limits limits;
  limits.stream_buffer_bytes_max = 64 * 1024;
  TestEdge edge(limits);
  std::atomic<int> taken{-1};
  edge.handler.on("/s", [&](pipeline::Exchange& e) {
    e.response.status = 200;
    e.transport->stream_head(e);
    const std::string piece(16 * 1024, 'p');
    int count = 0;
    while (count < 10'000 && e.transport->stream_piece(e, piece)) ++count;
    e.transport->stream_end(e);
    taken = count;
  });
  Client client(edge.start(), 8 * 1024);
  const Answer answer = client.ask(get("/s"));
  EXPECT_GT(taken, 3);
  EXPECT_LT(taken, 10'000);
  EXPECT_EQ(answer.body.size(), static_cast<size_t>(taken) * 16 * 1024);
}

// A stream without end, one piece every few milliseconds until the exchange is over.
void endless(pipeline::Exchange& e) {
  e.response.status = 200;
  e.transport->stream_head(e);
  auto tick = std::make_shared<std::function<void()>>();
  *tick = [&e, weak = std::weak_ptr(tick), generation = e.generation.load()] {
    const auto self = weak.lock();
    if (e.generation.load() != generation) return;
    e.transport->stream_piece(e, "tick");
    e.loop->after(5, [self] { (*self)(); });
  };
  e.loop->after(5, [tick] { (*tick)(); });
}

TEST(Stream, EndsWhenTheReaderGoes) {
  TestEdge edge;
  edge.handler.on("/s", endless);
  Client client(edge.start());
  client.say(get("/s"));
  EXPECT_EQ(client.answer(true).status, 200);
  client.vanish();
  EXPECT_TRUE(edge.handler.wait_ended(false, 1));
}

TEST(Stream, OutlivesTheHandlersTimeLimit) {
  Limits limits;
  limits.handler_timeout_ms = 10;
  limits.write_stall_timeout_ms = 50;
  TestEdge edge(limits);
  edge.handler.on("/s", [](pipeline::Exchange& e) {
    e.response.status = 200;
    e.transport->stream_head(e);
    e.loop->after(200, [&e] {
      e.transport->stream_piece(e, "late");
      e.transport->stream_end(e);
    });
  });
  Client client(edge.start());
  EXPECT_EQ(client.ask(get("/s")).body, "late");
}

TEST(Stream, IsResetWhenTheReaderStalls) {
  Limits limits;
  limits.write_stall_timeout_ms = 100;
  limits.stream_buffer_bytes_max = 64 * 1024;
  TestEdge edge(limits);
  edge.handler.on("/s", [](pipeline::Exchange& e) {
    e.response.status = 200;
    e.transport->stream_head(e);
    const std::string piece(16 * 1024, 'p');
    while (e.transport->stream_piece(e, piece)) {
    }
  });
  Client client(edge.start(), 8 * 1024);
  client.say(get("/s"));
  EXPECT_TRUE(edge.handler.wait_ended(false, 1));
  client.rest();
  EXPECT_TRUE(client.reset());
}

}  // namespace
}  // namespace gantry::http
