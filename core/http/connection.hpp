// Connection: one client, one request at a time. A small state machine that is driven by its
// socket, its deadline and the handler's answer. Loop thread only.
//
//   idle → head → body → handling → answering → idle | lingering → closed
//                                 ↘ streaming ↗
//
// The socket is watched edge-triggered from first to last: no epoll_ctl per request. Nothing is
// read while a request is under way, so a pipelining client is held back by TCP.
#pragma once
#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/http/addresses.hpp"
#include "core/http/buffers.hpp"
#include "core/http/chunks.hpp"
#include "core/http/desk.hpp"
#include "core/http/output.hpp"
#include "core/http/parser.hpp"
#include "core/pipeline/exchange.hpp"

namespace gantry::http {

class Connection final : public pipeline::Transport, public Source, private Timer {
 public:
  Connection(const Poco::Net::StreamSocket& socket, Peer peer, Desk& desk);
  ~Connection() override;  // closes the socket

  int fd() const { return socket_.impl()->sockfd(); }
  void ready(uint32_t events) override;

  // Goes on after schedule().
  void resume();
  // Closes at once when no request is under way; otherwise the answer will say close.
  void drain();
  // Closes now; a request that waits for its handler is told 503 first.
  void cut();
  // Closes now, without a word.
  void close();

  bool scheduled() const { return scheduled_; }
  size_t index = 0;  // for the loop's list of connections

  // Transport. None of these calls Handler::ended: that happens when the stack has unwound.
  void send(pipeline::Exchange& exchange) override;
  void stream_head(pipeline::Exchange& exchange) override;
  bool stream_piece(pipeline::Exchange& exchange, std::string_view bytes) override;
  void stream_end(pipeline::Exchange& exchange) override;

 private:
  enum class Phase : uint8_t {
    kIdle,
    kHead,
    kBody,
    kHandling,
    kAnswering,
    kStreaming,
    kLingering,
    kClosed
  };

  // connection.cpp: the machine
  void drive();
  bool step();  // false: nothing more to do until something happens
  void begin();
  void enter(Phase phase);
  void schedule();
  void refuse(const Refusal& refusal);
  void finish();
  void leave();
  bool discard();
  void broken();
  void release_exchange(bool sent);
  void arm();
  int64_t deadline_ns() const;
  int64_t body_deadline_ns() const;
  void expired() override;

  // connection_input.cpp: socket to request
  bool receive(char* into, size_t bytes_max, size_t& received);
  bool receive();
  bool read_head();
  bool head_complete();
  bool read_body();
  bool read_plain_body();
  bool read_chunked_body();
  bool wait_for_body();
  bool call_handler(std::string_view body, uint64_t raw_bytes);

  // connection_output.cpp: answer to socket
  bool answer();
  bool pump();
  Output::Result write_answer();
  void write_head_to(std::string& out, Length length, uint64_t body_bytes);
  bool without_body() const;

  Poco::Net::StreamSocket socket_;
  Peer peer_;
  Desk& desk_;

  Phase phase_ = Phase::kIdle;
  bool driving_ = false;
  bool scheduled_ = false;
  bool readable_ = false;       // since the last read that came short
  bool peer_finished_ = false;  // FIN is in the socket's queue
  bool end_of_input_ = false;   // FIN was read
  bool handler_knows_ = false;  // so Handler::ended is due
  bool written_ = false;        // the answer has been put into output_
  bool close_ = false;          // after the answer
  bool refused_ = false;
  bool unread_ = false;  // input is left that nobody will read
  bool stream_ended_ = false;
  Length stream_length_ = Length::kChunked;
  bool body_in_block_ = false;
  uint32_t requests_ = 0;
  uint32_t lingered_bytes_ = 0;
  int64_t since_ns_;  // of the phase, or of the last byte taken while answering

  pipeline::Exchange* exchange_ = nullptr;
  Input input_;
  HeadParser parser_;
  size_t head_bytes_ = 0;
  size_t consumed_ = 0;         // of input_, when the request is complete
  uint64_t body_received_ = 0;  // raw
  ChunkDecoder chunks_;
  std::string body_;  // when it does not fit behind the head
  Output output_;
};

}  // namespace gantry::http
