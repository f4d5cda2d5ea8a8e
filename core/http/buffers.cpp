#include "core/http/buffers.hpp"

#include <cstring>
#include <utility>

namespace gantry::http {

Block Buffers::take(size_t size) {
  if (size == kBlockBytes && !spare_.empty()) {
    Block block = std::move(spare_.back());
    spare_.pop_back();
    return block;
  }
  return {std::make_unique_for_overwrite<char[]>(size), size};
}

void Buffers::give(Block block) {
  if (block.size == kBlockBytes && spare_.size() < kSpareBlocks) spare_.push_back(std::move(block));
}

std::string Buffers::take_body() {
  if (spare_bodies_.empty()) return {};
  std::string body = std::move(spare_bodies_.back());
  spare_bodies_.pop_back();
  return body;
}

void Buffers::give_body(std::string body) {
  if (body.capacity() > kSpareBodyBytesMax || spare_bodies_.size() >= kSpareBodies) return;
  body.clear();
  spare_bodies_.push_back(std::move(body));
}

bool Input::reserve(size_t bytes, Buffers& buffers) {
  if (has_block() && room() >= bytes) return false;
  if (has_block() && block_.size >= bytes) {
    std::memmove(block_.data.get(), begin(), size());
  } else {
    Block larger = buffers.take(bytes <= Buffers::kBlockBytes ? Buffers::kBlockBytes : bytes);
    if (!empty()) std::memcpy(larger.data.get(), begin(), size());
    if (has_block()) buffers.give(std::move(block_));
    block_ = std::move(larger);
  }
  end_ -= begin_;
  begin_ = 0;
  return true;
}

void Input::release(Buffers& buffers) {
  if (has_block()) buffers.give(std::exchange(block_, {}));
  begin_ = end_ = 0;
}

}  // namespace gantry::http
