#include "core/pipeline/exchange.hpp"

#include <cstring>

namespace gantry::pipeline {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace

std::string_view Response::header_value(std::string_view name) const {
  std::string_view rest = headers;
  while (!rest.empty()) {
    const size_t end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    const size_t colon = line.find(':');
    if (same_name(line.substr(0, colon), name)) return line.substr(colon + 2);
    rest.remove_prefix(end + 2);
  }
  return {};
}

void Response::remove_header(std::string_view name) {
  for (size_t at = 0; at < headers.size();) {
    const size_t end = headers.find("\r\n", at) + 2;
    if (same_name(std::string_view(headers).substr(at, headers.find(':', at) - at), name)) {
      headers.erase(at, end - at);
    } else {
      at = end;
    }
  }
}

bool Response::has_header(std::string_view name) const {
  return header_value(name).data() != nullptr;
}

std::string_view Exchange::keep(std::string_view text) {
  if (text.empty()) return {};
  auto* copy = static_cast<char*>(arena_.allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

void Exchange::reset() {
  generation.fetch_add(1, std::memory_order_release);
  request.headers.clear();
  request.method = request.target = request.path = request.query = request.body = request.peer = {};
  request.has_body = request.http10 = false;
  response.status = 0;
  response.headers.clear();
  response.body.clear();
  if (response.body.capacity() > 64 * 1024) response.body.shrink_to_fit();
  response.close = false;
  request_id.clear();
  transport = nullptr;
  run = nullptr;
  body_bytes_max = 0;
  started_ns = 0;
  request_bytes = 0;
  arena_.release();
}

}  // namespace gantry::pipeline
