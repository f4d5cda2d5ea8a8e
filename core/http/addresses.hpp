// Addresses: how many connections each client address has. Shared by all loops.
#pragma once
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace gantry::http {

// Where a connection comes from.
struct Peer {
  std::string text;  // "127.0.0.1"; an IPv4 address mapped into IPv6 is written as IPv4
  uint64_t key = 0;  // what is counted: the IPv4 address or the IPv6 /64, which one site has
};
Peer peer_of(const sockaddr_storage& address);

// [any] thread; only called when a connection opens or closes.
class Addresses {
 public:
  // Counts one more connection of `key`.
  //   returns  false, and counts nothing, when it has `max` already; max 0 is no limit
  bool enter(uint64_t key, uint32_t max);
  void leave(uint64_t key);

 private:
  std::mutex mutex_;
  std::unordered_map<uint64_t, uint32_t> counts_;  // guarded by mutex_
};

}  // namespace gantry::http
