#include "core/http/chunks.hpp"

#include <algorithm>

#include "core/http/syntax.hpp"

namespace gantry::http {
namespace {

constexpr uint8_t kSizeDigitsMax = 8;
constexpr uint32_t kExtensionBytesMax = 256;             // of one chunk
constexpr uint32_t kExtensionBytesTotalMax = 16 * 1024;  // or tiny chunks carry mostly extensions

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void ChunkDecoder::reset(uint64_t body_bytes_max) {
  *this = ChunkDecoder();
  body_left_ = body_bytes_max;
}

bool ChunkDecoder::refuse(const Refusal& refusal) {
  refusal_ = refusal;
  return false;
}

ChunkDecoder::State ChunkDecoder::decode(std::string_view in, size_t& used, std::string& body,
                                         const Limits& limits) {
  used = 0;
  while (used < in.size() && at_ != At::kDone) {
    if (at_ == At::kData) {
      const auto run = static_cast<size_t>(std::min<uint64_t>(left_, in.size() - used));
      body.append(in.data() + used, run);
      used += run;
      left_ -= run;
      if (left_ == 0) at_ = At::kDataCr;
    } else if (!step(in[used++], limits)) {
      return State::kRefused;
    }
  }
  return at_ == At::kDone ? State::kDone : State::kMore;
}

bool ChunkDecoder::step(char c, const Limits& limits) {
  switch (at_) {
    case At::kSize:
      return size_digit(c);
    case At::kExtension:
      if (c == '\r') {
        at_ = At::kSizeLf;
        return true;
      }
      if (!is_field_byte(c)) return refuse(smuggling("a control byte in a chunk extension"));
      if (++extension_bytes_ > kExtensionBytesMax ||
          ++extension_bytes_total_ > kExtensionBytesTotalMax) {
        return refuse(smuggling("chunk extensions are longer than allowed"));
      }
      return true;
    case At::kSizeLf:
      if (c != '\n') return refuse(smuggling("a chunk size line does not end in CRLF"));
      return chunk_begins();
    case At::kDataCr:
      if (c != '\r') return refuse(smuggling("a chunk is not followed by CRLF"));
      at_ = At::kDataLf;
      return true;
    case At::kDataLf:
      if (c != '\n') return refuse(smuggling("a chunk is not followed by CRLF"));
      at_ = At::kSize;
      digits_ = 0;
      extension_bytes_ = 0;
      return true;
    default:
      return trailer(c, limits);
  }
}

bool ChunkDecoder::size_digit(char c) {
  const int digit = hex(c);
  if (digit >= 0) {
    if (++digits_ > kSizeDigitsMax) return refuse(smuggling("a chunk size has too many digits"));
    left_ = left_ * 16 + static_cast<uint64_t>(digit);
    return true;
  }
  if (digits_ == 0) return refuse(smuggling("a chunk does not start with its size"));
  if (c == ';') {
    at_ = At::kExtension;
    ++extension_bytes_;
    ++extension_bytes_total_;
    return true;
  }
  if (c != '\r') return refuse(smuggling("a chunk size is not a hexadecimal number"));
  at_ = At::kSizeLf;
  return true;
}

bool ChunkDecoder::chunk_begins() {
  if (left_ == 0) {
    at_ = At::kTrailerStart;
    return true;
  }
  if (left_ > body_left_) return refuse(kBodyTooLarge);
  body_left_ -= left_;
  at_ = At::kData;
  return true;
}

// *( field-line CRLF ) CRLF
bool ChunkDecoder::trailer(char c, const Limits& limits) {
  if (++trailer_bytes_ > limits.header_bytes_max) {
    return refuse(headers_too_large("the trailer fields are longer than allowed"));
  }
  switch (at_) {
    case At::kTrailerStart:
      if (c == '\r') {
        at_ = At::kEndLf;
        return true;
      }
      if (!is_token_byte(c)) return refuse(smuggling("a malformed trailer field"));
      if (++trailers_ > limits.headers_max) {
        return refuse(headers_too_large("there are more trailer fields than allowed"));
      }
      at_ = At::kTrailerName;
      return true;
    case At::kTrailerName:
      if (c == ':') {
        at_ = At::kTrailerValue;
        return true;
      }
      return is_token_byte(c) || refuse(smuggling("a malformed trailer field"));
    case At::kTrailerValue:
      if (c == '\r') {
        at_ = At::kTrailerLf;
        return true;
      }
      return is_field_byte(c) || refuse(smuggling("a control byte in a trailer field"));
    case At::kTrailerLf:
      at_ = At::kTrailerStart;
      return c == '\n' || refuse(smuggling("a trailer field does not end in CRLF"));
    default:  // kEndLf
      at_ = At::kDone;
      return c == '\n' || refuse(smuggling("the body does not end in CRLF"));
  }
}

}  // namespace gantry::http
