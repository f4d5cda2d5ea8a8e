// Acceptor: takes new connections off one listening socket, as far as the limits allow.
#pragma once
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <functional>

#include "core/http/addresses.hpp"
#include "core/http/desk.hpp"

namespace gantry::http {

// Loop thread only, once the loop runs.
class Acceptor final : public Source, private Timer {
 public:
  using Taken = std::function<void(const Poco::Net::StreamSocket&, Peer)>;

  // `socket` listens and does not block; `taken` gets each connection, already counted.
  Acceptor(const Poco::Net::ServerSocket& socket, int epoll_fd, Desk& desk, Taken taken);
  ~Acceptor();

  void ready(uint32_t events) override;
  // Takes what waits in the kernel's queue, which closing would reset.
  void take_waiting();

 private:
  bool take_one();  // false: none there, or none can be taken now
  void pause();
  void expired() override;

  Poco::Net::ServerSocket socket_;
  int epoll_fd_;
  Desk& desk_;
  Taken taken_;
};

}  // namespace gantry::http
