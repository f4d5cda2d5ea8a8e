#include "core/http/addresses.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>

namespace gantry::http {
namespace {

sockaddr_storage v4(const char* text) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  ::inet_pton(AF_INET, text, &in.sin_addr);
  sockaddr_storage address{};
  std::memcpy(&address, &in, sizeof in);
  return address;
}

sockaddr_storage v6(const char* text) {
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  ::inet_pton(AF_INET6, text, &in6.sin6_addr);
  sockaddr_storage address{};
  std::memcpy(&address, &in6, sizeof in6);
  return address;
}

TEST(Addresses, AreWrittenForHumans) {
  EXPECT_EQ(peer_of(v4("127.0.0.1")).text, "127.0.0.1");
  EXPECT_EQ(peer_of(v6("::1")).text, "::1");
  EXPECT_EQ(peer_of(v6("::ffff:10.1.2.3")).text, "10.1.2.3");
}

TEST(Addresses, CountIpv4ByAddressAndIpv6BySite) {
  EXPECT_EQ(peer_of(v4("10.1.2.3")).key, peer_of(v6("::ffff:10.1.2.3")).key);
  EXPECT_NE(peer_of(v4("10.1.2.3")).key, peer_of(v4("10.1.2.4")).key);
  EXPECT_EQ(peer_of(v6("2001:db8::1")).key, peer_of(v6("2001:db8::ffff")).key);
  EXPECT_NE(peer_of(v6("2001:db8::1")).key, peer_of(v6("2001:db8:0:1::1")).key);
}

TEST(Addresses, FreeASeatWhenAConnectionLeaves) {
  Addresses addresses;
  EXPECT_TRUE(addresses.enter(7, 2));
  EXPECT_TRUE(addresses.enter(7, 2));
  EXPECT_FALSE(addresses.enter(7, 2));
  EXPECT_TRUE(addresses.enter(8, 2));
  addresses.leave(7);
  EXPECT_TRUE(addresses.enter(7, 2));
  EXPECT_TRUE(addresses.enter(7, 0));
}

}  // namespace
}  // namespace gantry::http
