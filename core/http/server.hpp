// Server: the HTTP/1.1 edge. Start here: everything else in this folder is behind it.
//
//   http::Server server(limits, clock, handler, {"127.0.0.1:8080"});
//   server.start();
//   …
//   server.announce_close();    // answers say Connection: close, still accepting
//   server.stop_accepting();
//   server.drain(30'000);       // running exchanges finish
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/http/counters.hpp"
#include "core/http/limits.hpp"
#include "core/pipeline/exchange.hpp"

namespace gantry::http {

class EventLoop;
struct Edge;

class Server {
 public:
  // Makes the loops and binds the addresses; nobody is answered before start().
  //
  //   clock, handler  outlive the server; the handler is called on the loops' threads, and for
  //                   every exchange that head() or refuse() was called for, ended() comes last
  //   addresses       "127.0.0.1:8080", "[::1]:0"; port 0 picks a free one
  //   loops           event loops, each with a thread; 0 = one per core
  //   throws          Unavailable  an address cannot be bound
  Server(const Limits& limits, const base::Clock& clock, pipeline::Handler& handler,
         const std::vector<std::string>& addresses, unsigned loops = 0);
  // Cuts what is left, ends the threads. Nobody may post to a loop any more.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();

  // Where it listens, with the port really used. [any]
  const std::string& address(size_t index = 0) const { return addresses_.at(index); }
  uint16_t port(size_t index = 0) const { return ports_.at(index); }

  // Valid as long as the server; their index() is their place here. [any]
  std::span<pipeline::Loop* const> loops() const { return loop_ports_; }

  // The next requests obey these. [any]
  void set_limits(const Limits& limits);

  // From now on every answer says Connection: close. [any]
  void announce_close();
  // Closes the listening sockets; who has been let in stays. Blocks shortly. [not a loop]
  void stop_accepting();
  // Closes idle connections, lets running exchanges finish with Connection: close, and cuts what is
  // left after `deadline_ms`: exchanges that still wait for their handler are refused with 503.
  //   returns  true when nothing had to be cut
  //   thread   blocks up to the deadline [not a loop]
  bool drain(uint32_t deadline_ms);

  uint32_t connections() const;  // open now [any]
  Counters counters() const;     // since the start [any]

 private:
  template <class F>
  void on_every_loop(F task);  // and waits
  void bind(const std::string& address);

  std::unique_ptr<Edge> edge_;
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::vector<pipeline::Loop*> loop_ports_;
  std::vector<std::string> addresses_;
  std::vector<uint16_t> ports_;
  bool started_ = false;
};

}  // namespace gantry::http
