// Fuzz target for the request parser and the chunk decoder.
// Property: however the same bytes are cut, the result is the same, and no view leaves the bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/http/chunks.hpp"
#include "core/http/parser.hpp"

namespace gantry::http {
namespace {

// Small enough that mutations reach the limits.
Limits small_limits() {
  Limits limits;
  limits.request_line_bytes_max = 200;
  limits.header_bytes_max = 400;
  limits.headers_max = 12;
  limits.body_bytes_max = 64;
  return limits;
}

void check(bool holds) {
  if (!holds) std::abort();
}

void append(std::string& out, std::string_view text) {
  out.append(std::to_string(text.size())).append(":").append(text).append(" ");
}

// Everything that can be observed about one parse, as text.
std::string outcome(std::string bytes, size_t step, size_t offset) {
  const Limits limits = small_limits();
  HeadParser parser;
  pipeline::Request request;
  auto state = HeadParser::State::kMore;
  size_t size = 0;
  while (state == HeadParser::State::kMore && size < bytes.size()) {
    size = std::min(bytes.size(), size + (size == 0 ? offset + 1 : step));
    state = parser.parse(bytes.data(), size, request, limits);
  }
  std::string out;
  if (state == HeadParser::State::kMore) return "more";
  if (state == HeadParser::State::kRefused) {
    append(out, parser.refusal().code);
    append(out, parser.refusal().detail);
    return out;
  }
  const auto inside = [&](std::string_view view) {
    if (view.empty() || view == "/") return true;
    return view.data() >= bytes.data() && view.data() + view.size() <= bytes.data() + bytes.size();
  };
  check(parser.head_bytes() <= size);
  check(inside(request.method) && inside(request.target) && inside(request.path) &&
        inside(request.query));
  for (const auto view : {request.method, request.target, request.path, request.query}) {
    append(out, view);
  }
  check(request.headers.size() <= limits.headers_max);
  for (const pipeline::Header& header : request.headers) {
    check(inside(header.name) && inside(header.value) && !header.name.empty());
    check(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    append(out, header.name);
    append(out, header.value);
  }
  const Framing& framing = parser.framing();
  check(!(framing.chunked && framing.content_length != 0));
  out += framing.chunked ? "chunked " : std::to_string(framing.content_length) + " ";
  out += framing.keep_alive ? "keep " : "close ";
  if (!framing.chunked) return out;

  ChunkDecoder decoder;
  decoder.reset(limits.body_bytes_max);
  std::string body;
  auto chunk_state = ChunkDecoder::State::kMore;
  std::string_view rest = std::string_view(bytes).substr(parser.head_bytes());
  size_t used_in_all = 0;
  while (chunk_state == ChunkDecoder::State::kMore && !rest.empty()) {
    size_t used = 0;
    const std::string_view piece = rest.substr(0, step);
    chunk_state = decoder.decode(piece, used, body, limits);
    check(used <= piece.size() &&
          (used == piece.size() || chunk_state != ChunkDecoder::State::kMore));
    rest.remove_prefix(used);
    used_in_all += used;
  }
  check(body.size() <= limits.body_bytes_max);
  if (chunk_state == ChunkDecoder::State::kRefused) {
    append(out, decoder.refusal().detail);
  } else {
    out += chunk_state == ChunkDecoder::State::kDone ? "done " : "more ";
    out += std::to_string(used_in_all) + " ";
  }
  append(out, body);
  return out;
}

}  // namespace
}  // namespace gantry::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using gantry::http::outcome;
  if (size == 0 || size > 4096) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = outcome(bytes, size, size);
  gantry::http::check(outcome(bytes, 1, 0) == whole);
  gantry::http::check(outcome(bytes, 1 + data[size / 2] % 16U, data[0] % 64U) == whole);
  return 0;
}
