// ChunkDecoder: the body of a request with Transfer-Encoding: chunked (RFC 9112 section 7.1).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/http/limits.hpp"
#include "core/http/refusal.hpp"

namespace gantry::http {

class ChunkDecoder {
 public:
  enum class State { kMore, kDone, kRefused };

  // Starts a new body of at most `body_bytes_max` decoded bytes.
  void reset(uint64_t body_bytes_max);

  // Takes bytes off the front of `in` and appends what they carry to `body`. Extensions are
  // skipped, trailer fields are checked, bounded like headers, and dropped.
  //   used      bytes taken; after kDone the rest belongs to the next request
  //   returns   the same for the same bytes, however they are cut
  State decode(std::string_view in, size_t& used, std::string& body, const Limits& limits);

  const Refusal& refusal() const { return refusal_; }  // valid after kRefused

 private:
  enum class At : uint8_t {
    kSize,
    kExtension,
    kSizeLf,
    kData,
    kDataCr,
    kDataLf,
    kTrailerStart,
    kTrailerName,
    kTrailerValue,
    kTrailerLf,
    kEndLf,
    kDone
  };
  bool step(char c, const Limits& limits);
  bool size_digit(char c);
  bool chunk_begins();
  bool trailer(char c, const Limits& limits);
  bool refuse(const Refusal& refusal);  // false, always

  At at_ = At::kSize;
  uint8_t digits_ = 0;
  uint32_t extension_bytes_ = 0;
  uint32_t extension_bytes_total_ = 0;
  uint32_t trailer_bytes_ = 0;
  uint32_t trailers_ = 0;
  uint64_t left_ = 0;       // of the chunk under way
  uint64_t body_left_ = 0;  // of body_bytes_max
  Refusal refusal_;
};

}  // namespace gantry::http
