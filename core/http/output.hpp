// Output: bytes on their way to one peer, and what the kernel has not taken yet.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gantry::http {

class Output {
 public:
  enum class Result : uint8_t { kDone, kBlocked, kBroken };

  // Sends `head`, then `body`, with one system call if the kernel takes them. Otherwise the rest of
  // the head is copied and the rest of the body stays borrowed until flush() returns kDone.
  Result send(int fd, std::string_view head, std::string_view body);
  // Goes on sending what is left. kBlocked: again when the socket is writable.
  Result flush(int fd);

  // For appending; sent by the next flush().
  std::string& pending() { return pending_; }
  size_t waiting() const { return pending_.size() - at_ + rest_.size(); }
  // All bytes ever taken by the kernel; moves when there is progress.
  uint64_t sent() const { return sent_; }
  // Drops what waits and most memory.
  void clear();

 private:
  void advance(size_t bytes);

  std::string pending_;    // sent first
  size_t at_ = 0;          // of pending_, sent already
  std::string_view rest_;  // sent after pending_
  uint64_t sent_ = 0;
};

}  // namespace gantry::http
