// One client: keep-alive, pipelining, bodies, HEAD, Expect, half-close.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client.hpp"
#include "test_edge.hpp"

namespace gantry::http {
namespace {

std::string post(std::string_view target, std::string_view body, std::string_view headers = "") {
  return std::string("POST ").append(target).append(" HTTP/1.1\r\nHost: a\r\n").append(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

TEST(Connection, AnswersOneRequestAfterTheOther) {
  TestEdge edge;
  Client client(edge.start());
  for (int i = 0; i < 50; ++i) {
    const std::string target = "/" + std::to_string(i);
    const Answer answer = client.ask(get(target));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "GET " + target + " ");
    EXPECT_FALSE(answer.has("Connection:"));
    EXPECT_FALSE(answer.has("Server:"));
    EXPECT_TRUE(answer.has("Date: "));
  }
  EXPECT_EQ(edge.server.counters().accepted, 1u);
}

TEST(Connection, AnswersPipelinedRequestsInOrder) {
  TestEdge edge;
  // Answered later than it could be: the next one has to wait.
  edge.handler.on("/slow", [](pipeline::Exchange& e) {
    e.loop->after(20, [&e] {
      e.response.status = 202;
      e.transport->send(e);
    });
  });
  Client client(edge.start());
  std::string all = get("/1") + get("/slow") + post("/2", "body") + get("/slow");
  for (int i = 0; i < 100; ++i) all += get("/many");
  client.say(all);
  EXPECT_EQ(client.answer().body, "GET /1 ");
  EXPECT_EQ(client.answer().status, 202);
  EXPECT_EQ(client.answer().body, "POST /2 body");
  EXPECT_EQ(client.answer().status, 202);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.answer().body, "GET /many ");
}

TEST(Connection, HoldsBackAClientThatPipelinesTooMuch) {
  Limits limits;
  limits.pipeline_bytes_max = 64;
  TestEdge edge(limits);
  Client client(edge.start());
  std::string all;
  for (int i = 0; i < 500; ++i) all += get("/" + std::to_string(i), "X-Pad: 0123456789\r\n");
  client.say(all);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(client.answer().body, "GET /" + std::to_string(i) + " ");
}

TEST(Connection, TakesRequestsByteByByte) {
  TestEdge edge;
  Client client(edge.start());
  for (const char byte : get("/a") + post("/b", "hello") + "POST /c HTTP/1.1\r\nHost: a\r\n" +
                             "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n") {
    client.say({&byte, 1});
  }
  EXPECT_EQ(client.answer().body, "GET /a ");
  EXPECT_EQ(client.answer().body, "POST /b hello");
  EXPECT_EQ(client.answer().body, "POST /c abc");
}

TEST(Connection, ReadsBodiesOfEverySizeAroundItsBuffers) {
  TestEdge edge;
  Client client(edge.start());
  for (const size_t size : {0, 1, 3900, 4000, 4095, 4096, 5000, 16'384, 100'000, 1'048'576}) {
    const std::string body(size, 'b');
    Answer answer = client.ask(post("/p", body));
    EXPECT_EQ(answer.status, 200) << size;
    EXPECT_EQ(answer.body.size(), size + 8) << size;
    std::string chunked = "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (size_t at = 0; at < size; at += 7000) {
      char length[16];
      const size_t piece = std::min<size_t>(7000, size - at);
      std::snprintf(length, sizeof length, "%zx\r\n", piece);
      chunked += length + body.substr(at, piece) + "\r\n";
    }
    answer = client.ask(chunked + "0\r\n\r\n");
    EXPECT_EQ(answer.status, 200) << size;
    EXPECT_EQ(answer.body.size(), size + 8) << size;
  }
}

TEST(Connection, ReadsHeadsOfEverySizeAroundItsBuffers) {
  TestEdge edge;
  edge.handler.on("/h", [](pipeline::Exchange& e) {
    e.response.status = 200;
    e.response.body = std::string(e.request.header("x-pad")) +
                      std::string(e.request.header("x-end")) + std::string(e.request.body);
    e.transport->send(e);
  });
  Client client(edge.start());
  for (size_t size = 3900; size < 4200; size += 7) {
    const std::string pad(size, 'h');
    const std::string headers = "X-Pad: " + pad + "\r\nX-End: e\r\n";
    EXPECT_EQ(client.ask(get("/h", headers)).body, pad + "e");
    EXPECT_EQ(client.ask(post("/h", "body", headers)).body, pad + "ebody");
    EXPECT_EQ(client
                  .ask("POST /h HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + headers +
                       "\r\n4\r\nbody\r\n0\r\n\r\n")
                  .body,
              pad + "ebody");
  }
}

TEST(Connection, AnswersHeadWithTheHeadersOfGetAndNoBody) {
  TestEdge edge;
  Client client(edge.start());
  client.say("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer head = client.answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.has("Content-Length: 8"));
  EXPECT_EQ(client.ask(get("/y")).body, "GET /y ");
}

TEST(Connection, SendsNoBodyWith204And304) {
  TestEdge edge;
  for (const int status : {204, 304}) {
    edge.handler.on("/" + std::to_string(status), [status](pipeline::Exchange& e) {
      e.response.status = status;
      e.response.body = "must not be sent";
      e.transport->send(e);
    });
  }
  Client client(edge.start());
  const Answer none = client.ask(get("/204"));
  EXPECT_EQ(none.status, 204);
  EXPECT_FALSE(none.has("Content-Length"));
  EXPECT_EQ(client.ask(get("/304")).status, 304);
  EXPECT_EQ(client.ask(get("/next")).body, "GET /next ");
}

TEST(Connection, SendsAnInterimAnswerBeforeAnExpectedBody) {
  TestEdge edge;
  Client client(edge.start());
  client.say("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-Continue\r\n\r\n");
  const Answer interim = client.answer();
  EXPECT_EQ(interim.status, 100);
  EXPECT_EQ(interim.head, "HTTP/1.1 100 Continue");
  EXPECT_EQ(client.ask("body").body, "POST /e body");
  // The body is there already: nothing to wait for.
  EXPECT_EQ(client.ask(post("/f", "x", "Expect: 100-continue\r\n")).status, 200);
}

TEST(Connection, RefusesAnExpectedBodyWithoutAskingForIt) {
  TestEdge edge;
  edge.handler.on_head("/small", [](pipeline::Exchange& e) { e.body_bytes_max = 3; });
  Client client(edge.start());
  client.say(
      "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.answer().status, 413);
  EXPECT_TRUE(client.closed());
}

TEST(Connection, AnswersAClientThatHasFinishedSending) {
  TestEdge edge;
  edge.handler.on("/late", [](pipeline::Exchange& e) {
    e.loop->after(30, [&e] {
      e.response.status = 200;
      e.response.body = "late";
      e.transport->send(e);
    });
  });
  Client client(edge.start());
  client.say(get("/first") + get("/late"));
  client.finish();
  EXPECT_EQ(client.answer().body, "GET /first ");
  EXPECT_EQ(client.answer().body, "late");
  EXPECT_TRUE(client.closed());
}

TEST(Connection, ClosesAfterAnswersToHttp10UnlessAskedToStay) {
  TestEdge edge;
  const uint16_t port = edge.start();
  Client old(port);
  const Answer once = old.ask("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(once.has("Connection: close"));
  EXPECT_TRUE(old.closed());
  Client staying(port);
  const Answer first = staying.ask("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(first.has("Connection: keep-alive"));
  EXPECT_EQ(staying.ask(get("/2")).status, 200);
}

TEST(Connection, ClosesWhenEitherSideWantsTo) {
  TestEdge edge;
  edge.handler.on("/bye", [](pipeline::Exchange& e) {
    e.response.status = 200;
    e.response.close = true;
    e.transport->send(e);
  });
  const uint16_t port = edge.start();
  Client client(port);
  EXPECT_TRUE(client.ask(get("/", "Connection: close\r\n")).has("Connection: close"));
  EXPECT_TRUE(client.closed());
  Client other(port);
  EXPECT_TRUE(other.ask(get("/bye")).has("Connection: close"));
  EXPECT_TRUE(other.closed());
}

TEST(Connection, TellsTheHandlerWhenThePeerHasGone) {
  TestEdge edge;
  std::atomic<bool> waiting{false};
  edge.handler.on("/never", [&](pipeline::Exchange&) {
    waiting = true;
    waiting.notify_all();
  });
  Client client(edge.start());
  client.say(get("/never"));
  waiting.wait(false);
  client.vanish();
  EXPECT_TRUE(edge.handler.wait_ended(false, 1));
  EXPECT_EQ(edge.handler.ended(true), 0);
}

TEST(Connection, SendsLargeAnswersToSlowReaders) {
  TestEdge edge;
  const std::string large(8 * 1024 * 1024, 'l');
  edge.handler.on("/large", [&](pipeline::Exchange& e) {
    e.response.status = 200;
    e.response.body = large;
    e.transport->send(e);
  });
  Client client(edge.start(), 8 * 1024);
  client.say(get("/large") + get("/after"));
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.body == large);
  EXPECT_EQ(client.answer().body, "GET /after ");
}

TEST(Connection, LetsTheClientReadARefusalAlthoughItKeepsSending) {
  TestEdge edge;
  Client client(edge.start());
  client.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
  client.say(std::string(200'000, 'x'));
  EXPECT_EQ(client.answer().status, 413);
  EXPECT_TRUE(client.closed());
  EXPECT_FALSE(client.reset());
}

TEST(Connection, HandsOverWhatTheHandlerNeedsToKnow) {
  TestEdge edge;
  edge.handler.on("/facts", [](pipeline::Exchange& e) {
    e.response.status = 200;
    e.response.body = std::string(e.request.peer) + " " + std::to_string(e.request_bytes) + " " +
                      std::to_string(e.loop->index()) + (e.request.has_body ? " body" : " none");
    e.transport->send(e);
  });
  Client client(edge.start());
  EXPECT_EQ(client.ask(get("/facts")).body,
            "127.0.0.1 " + std::to_string(get("/facts").size()) + " 0 none");
  EXPECT_EQ(client.ask(post("/facts", "")).body,
            "127.0.0.1 " + std::to_string(post("/facts", "").size()) + " 0 body");
}

}  // namespace
}  // namespace gantry::http
