// Answer to socket: the sending half of Connection.
#include "core/http/connection.hpp"

namespace gantry::http {
namespace {

// Below this, copying head and body together is cheaper than telling the kernel of two parts.
constexpr size_t kCopiedBodyBytesMax = 8 * 1024;

}  // namespace

void Connection::send(pipeline::Exchange& exchange) {
  if (&exchange != exchange_ || phase_ != Phase::kHandling) return;  // refused in the meantime
  enter(Phase::kAnswering);
  if (!driving_) schedule();
}

bool Connection::without_body() const {
  return exchange_->request.method == "HEAD" || is_bodiless(exchange_->response.status);
}

// Decides about the connection as well: from here on it is too late to change one's mind.
void Connection::write_head_to(std::string& out, Length length, uint64_t body_bytes) {
  const pipeline::Response& response = exchange_->response;
  const bool keep = !refused_ && !unread_ && !response.close && length != Length::kClose &&
                    parser_.framing().keep_alive &&
                    !desk_.edge.closing.load(std::memory_order_relaxed) &&
                    (desk_.limits.requests_per_connection_max == 0 ||
                     requests_ + 1 < desk_.limits.requests_per_connection_max);
  close_ = !keep;
  ResponseHead head;
  head.status = response.status;
  head.date_line = desk_.date.at(desk_.edge.clock, desk_.now_ns);
  head.connection = close_ ? "close" : exchange_->request.http10 ? "keep-alive" : "";
  head.length = is_bodiless(response.status) ? Length::kNone : length;
  head.body_bytes = body_bytes;
  head.headers = response.headers;
  write_head(out, head);
}

Output::Result Connection::write_answer() {
  written_ = true;
  const std::string& body = exchange_->response.body;
  std::string& out = desk_.scratch;
  out.clear();
  write_head_to(out, Length::kBytes, body.size());
  if (without_body()) return output_.send(fd(), out, {});
  if (body.size() > kCopiedBodyBytesMax) return output_.send(fd(), out, body);
  out.append(body);
  return output_.send(fd(), out, {});
}

bool Connection::answer() {
  const uint64_t before = output_.sent();
  const auto result = written_ ? output_.flush(fd()) : write_answer();
  if (result == Output::Result::kDone) {
    finish();
    return phase_ != Phase::kClosed;
  }
  if (result == Output::Result::kBroken) broken();
  if (output_.sent() != before) since_ns_ = desk_.now_ns;
  return false;
}

void Connection::stream_head(pipeline::Exchange& exchange) {
  if (&exchange != exchange_ || phase_ != Phase::kHandling) return;
  enter(Phase::kStreaming);
  stream_length_ = exchange.request.http10 ? Length::kClose : Length::kChunked;
  write_head_to(output_.pending(), stream_length_, 0);
  if (!driving_) schedule();
}

bool Connection::stream_piece(pipeline::Exchange& exchange, std::string_view bytes) {
  if (&exchange != exchange_ || phase_ != Phase::kStreaming || stream_ended_) return false;
  if (bytes.empty() || without_body()) return true;
  const auto is_full = [&] {
    return output_.waiting() != 0 &&
           output_.waiting() + bytes.size() > desk_.limits.stream_buffer_bytes_max;
  };
  if (is_full()) {
    const uint64_t before = output_.sent();
    output_.flush(fd());  // a broken socket is noticed when pump() tries again
    if (output_.sent() != before) since_ns_ = desk_.now_ns;
    if (is_full()) return false;
  }
  if (output_.waiting() == 0) since_ns_ = desk_.now_ns;
  if (stream_length_ == Length::kChunked) {
    write_chunk(output_.pending(), bytes);
  } else {
    output_.pending().append(bytes);
  }
  if (!driving_) schedule();
  return true;
}

void Connection::stream_end(pipeline::Exchange& exchange) {
  if (&exchange != exchange_ || phase_ != Phase::kStreaming || stream_ended_) return;
  stream_ended_ = true;
  if (output_.waiting() == 0) since_ns_ = desk_.now_ns;
  if (stream_length_ == Length::kChunked && !without_body()) output_.pending().append(kLastChunk);
  if (!driving_) schedule();
}

bool Connection::pump() {
  const uint64_t before = output_.sent();
  const auto result = output_.flush(fd());
  if (output_.sent() != before) since_ns_ = desk_.now_ns;
  if (result == Output::Result::kBroken) {
    broken();
    return false;
  }
  if (result == Output::Result::kBlocked || !stream_ended_) return false;
  finish();
  return phase_ != Phase::kClosed;
}

}  // namespace gantry::http
