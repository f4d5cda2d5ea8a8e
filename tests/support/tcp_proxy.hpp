// TcpProxy: stands on 127.0.0.1 between a client and a server on this machine, and cuts connections
// at the worst moment when a test asks for it. All members from any thread.
#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gantry::tests {

class TcpProxy {
 public:
  explicit TcpProxy(uint16_t target);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  uint16_t port() const { return port_; }

  // What the proxy cuts: a connection whose client has said `request`, at the moment its server
  // answers with `reply`. The server has done its work; the client never hears of it. `reply`
  // empty: at the request, which does not arrive either.
  struct Cut {
    std::string request;
    std::string reply;
  };
  // The next connection that fits is cut; with `stay_away` nobody is let in any more after that.
  void cut_next(Cut cut, bool stay_away = false);
  // Lets clients in again.
  void let_in();
  int cuts() const { return cuts_; }

 private:
  struct Way {
    int from = -1, to = -1;
    std::string waiting;  // to be written
  };
  struct Pair {
    Way up, down;  // to the server, to the client
    bool asked = false;
    bool gone = false;
  };
  void loop();
  void accept_one();
  void serve(Pair& pair, short client, short server);
  void move(Pair& pair, Way& way, short readable, short writable);
  bool is_cut(Pair& pair, bool up, const std::string& bytes);
  static void close(Pair& pair);

  const uint16_t target_;
  uint16_t port_ = 0;
  int listener_ = -1;
  int wake_ = -1;
  std::atomic<int> cuts_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // guards what follows
  std::vector<Cut> asked_for_;
  bool stay_away_ = false, away_ = false;
  std::vector<Pair> pairs_;  // the thread's own
  std::thread thread_;
};

}  // namespace gantry::tests
