#include "core/http/addresses.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace gantry::http {
namespace {

Peer ipv4(const in_addr& address) {
  char text[INET_ADDRSTRLEN] = {};
  ::inet_ntop(AF_INET, &address, text, sizeof text);
  // The high bits keep it apart from every /64 that is assigned (RFC 4291: ffff::/16 is multicast).
  return {text, 0xFFFF'FFFF'0000'0000 | address.s_addr};
}

}  // namespace

Peer peer_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, &address, sizeof in);
    return ipv4(in.sin_addr);
  }
  sockaddr_in6 in6;
  std::memcpy(&in6, &address, sizeof in6);
  if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr)) {
    in_addr mapped;
    std::memcpy(&mapped, in6.sin6_addr.s6_addr + 12, 4);
    return ipv4(mapped);
  }
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof text);
  Peer peer{text, 0};
  std::memcpy(&peer.key, in6.sin6_addr.s6_addr, sizeof peer.key);
  return peer;
}

bool Addresses::enter(uint64_t key, uint32_t max) {
  const std::lock_guard lock(mutex_);
  uint32_t& count = counts_[key];
  if (max != 0 && count >= max) return false;
  ++count;
  return true;
}

void Addresses::leave(uint64_t key) {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(key);
  if (found != counts_.end() && --found->second == 0) counts_.erase(found);
}

}  // namespace gantry::http
