// Socket to request: the receiving half of Connection.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "core/http/connection.hpp"

namespace gantry::http {
namespace {

constexpr size_t kChunkRoomBytes = 1024;  // behind the head, for chunked bodies to arrive in
constexpr size_t kBodyGrowthBytes = 16 * 1024;

}  // namespace

// Reads once. The socket is edge-triggered: a read that fills less than was offered has emptied it.
//   returns  false when nothing came: not now, or end_of_input_, or the connection is closed
bool Connection::receive(char* into, size_t bytes_max, size_t& received) {
  while (readable_ && !end_of_input_) {
    const ssize_t got = ::recv(fd(), into, bytes_max, 0);
    if (got > 0) {
      received = static_cast<size_t>(got);
      if (received < bytes_max && !peer_finished_) readable_ = false;
      return true;
    }
    if (got == 0) {
      end_of_input_ = true;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      readable_ = false;
    } else if (errno != EINTR) {
      broken();
      return false;
    }
  }
  return false;
}

// Reads into the block; only the head may have to move to a larger one.
bool Connection::receive() {
  if (!readable_ || end_of_input_) return false;
  if (input_.space() == 0) {
    const Limits& limits = desk_.limits;
    const size_t large = std::max(2 * Buffers::kBlockBytes, size_t{limits.request_line_bytes_max} +
                                                                limits.header_bytes_max + 64);
    const bool fits = input_.size() < Buffers::kBlockBytes;
    const bool moved = input_.reserve(fits ? Buffers::kBlockBytes : large, desk_.buffers);
    if (moved && phase_ == Phase::kHead) {
      parser_.reset();
      exchange_->request.headers.clear();
    }
  }
  size_t received = 0;
  const size_t offer = std::min(input_.space(), size_t{desk_.limits.pipeline_bytes_max});
  if (!receive(input_.tail(), std::max(offer, size_t{1}), received)) return false;
  input_.added(received);
  return true;
}

bool Connection::read_head() {
  pipeline::Request& request = exchange_->request;
  switch (parser_.parse(input_.begin(), input_.size(), request, desk_.limits)) {
    case HeadParser::State::kMore:
      if (receive()) return true;
      if (!end_of_input_ || phase_ == Phase::kClosed) return false;
      refuse(bad_request("the connection was closed before the end of the header fields"));
      return true;
    case HeadParser::State::kRefused:
      refuse(parser_.refusal());
      return true;
    case HeadParser::State::kDone:
      break;
  }
  head_bytes_ = consumed_ = parser_.head_bytes();
  // Chunks arrive behind the head, which must not move once a handler has seen it.
  if (parser_.framing().chunked && input_.room() - head_bytes_ < kChunkRoomBytes &&
      input_.reserve(input_.size() + kChunkRoomBytes, desk_.buffers)) {
    parser_.reset();
    request.headers.clear();
    return true;
  }
  return head_complete();
}

bool Connection::head_complete() {
  const Framing& framing = parser_.framing();
  pipeline::Exchange& exchange = *exchange_;
  exchange.request_bytes = head_bytes_;
  handler_knows_ = true;
  desk_.edge.handler.head(exchange);
  const bool has_bytes = framing.chunked || framing.content_length != 0;
  if (exchange.response.status != 0) {
    unread_ = has_bytes;
    enter(Phase::kAnswering);
    return true;
  }
  if (!has_bytes) return call_handler({}, 0);

  const uint64_t bytes_max =
      exchange.body_bytes_max != 0 ? exchange.body_bytes_max : desk_.limits.body_bytes_max;
  if (framing.content_length > bytes_max) {
    refuse(kBodyTooLarge);
    return true;
  }
  enter(Phase::kBody);
  body_in_block_ = !framing.chunked && framing.content_length <= input_.room() - head_bytes_;
  if (!body_in_block_) body_ = desk_.buffers.take_body();
  if (framing.chunked) chunks_.reset(bytes_max);
  if (framing.expects_continue && input_.size() == head_bytes_ &&
      output_.send(fd(), kContinue, {}) == Output::Result::kBroken) {
    broken();
    return false;
  }
  return true;
}

bool Connection::read_body() {
  if (parser_.framing().chunked) return read_chunked_body();
  return read_plain_body();
}

bool Connection::read_plain_body() {
  const auto length = static_cast<size_t>(parser_.framing().content_length);
  const size_t behind_head = input_.size() - head_bytes_;
  if (body_in_block_) {
    body_received_ = behind_head;
    if (behind_head >= length) {
      consumed_ = head_bytes_ + length;
      return call_handler({input_.begin() + head_bytes_, length}, length);
    }
    return receive() || wait_for_body();
  }
  if (behind_head != 0) {
    body_.append(input_.begin() + head_bytes_, behind_head);
    input_.cut(head_bytes_);
  }
  const size_t have = body_received_ = body_.size();
  if (have == length) return call_handler(body_, length);
  // Grows with what has arrived, not with what was announced.
  const size_t offer = std::min(length - have, std::max(have, kBodyGrowthBytes));
  if (!readable_ || end_of_input_) return wait_for_body();
  body_.resize(have + offer);
  size_t received = 0;
  const bool more = receive(body_.data() + have, offer, received);
  if (phase_ == Phase::kClosed) return false;
  body_.resize(have + received);
  return more || wait_for_body();
}

bool Connection::read_chunked_body() {
  const size_t behind_head = input_.size() - head_bytes_;
  if (behind_head != 0) {
    size_t used = 0;
    const auto state =
        chunks_.decode({input_.begin() + head_bytes_, behind_head}, used, body_, desk_.limits);
    body_received_ += used;
    if (state == ChunkDecoder::State::kRefused) {
      refuse(chunks_.refusal());
      return true;
    }
    if (state == ChunkDecoder::State::kDone) {
      consumed_ = head_bytes_ + used;
      return call_handler(body_, body_received_);
    }
    input_.cut(head_bytes_);
  }
  return receive() || wait_for_body();
}

bool Connection::wait_for_body() {
  if (!end_of_input_ || phase_ == Phase::kClosed) return false;
  refuse(parser_.framing().chunked
             ? smuggling("the connection was closed inside a chunked body")
             : smuggling("the connection was closed before Content-Length bytes had arrived"));
  return true;
}

bool Connection::call_handler(std::string_view body, uint64_t raw_bytes) {
  exchange_->request.body = body;
  exchange_->request_bytes = head_bytes_ + raw_bytes;
  enter(Phase::kHandling);
  desk_.edge.handler.request(*exchange_);
  return true;
}

}  // namespace gantry::http
