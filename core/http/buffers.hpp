// Receive buffers: taken when bytes arrive, given back when a connection has none left unread. So
// idle connections have none, and busy ones share a few that stay in the processor's cache.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace gantry::http {

struct Block {
  std::unique_ptr<char[]> data;
  size_t size = 0;
};

// One per loop; loop thread only.
class Buffers {
 public:
  static constexpr size_t kBlockBytes = 4096;

  // A block of exactly `size` bytes.
  Block take(size_t size);
  void give(Block block);

  // An empty string that has been a body before, with luck of some capacity.
  std::string take_body();
  void give_body(std::string body);

 private:
  static constexpr size_t kSpareBlocks = 64;
  static constexpr size_t kSpareBodies = 16;
  static constexpr size_t kSpareBodyBytesMax = 64 * 1024;

  std::vector<Block> spare_;  // of kBlockBytes; larger ones are rare and freed
  std::vector<std::string> spare_bodies_;
};

// The unread bytes of one connection: [begin, end) of a block. Bytes before begin are still looked
// at by the request under way; what follows is input nobody has claimed.
class Input {
 public:
  bool has_block() const { return block_.size != 0; }
  char* begin() { return block_.data.get() + begin_; }
  size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  char* tail() { return block_.data.get() + end_; }
  size_t space() const { return block_.size - end_; }
  size_t room() const { return block_.size - begin_; }  // largest message that fits from begin on

  void added(size_t bytes) { end_ += bytes; }
  void dropped(size_t bytes) { begin_ += bytes; }
  void cut(size_t bytes) { end_ = begin_ + bytes; }  // forgets all but the first `bytes`

  // Makes sure that `bytes` fit from begin on, moving what is there if it must.
  //   returns  true when the bytes have moved: views into them are void
  bool reserve(size_t bytes, Buffers& buffers);
  void release(Buffers& buffers);

 private:
  Block block_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace gantry::http
