// HttpLoad: many keep-alive connections to one server, driven by one thread. For measurements: it
// trusts the server, and every request has its bound in time.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::bench {

struct LoadAnswer {
  int status = 0;       // 0: the connection broke
  std::string headers;  // as sent
  std::string body;
};

// The value of a header of `answer`, its name in lower case as the server may send it in any; empty
// when absent.
std::string header_of(const LoadAnswer& answer, std::string_view name);

struct LoadRequest {
  std::string_view method;
  std::string_view target;
  std::string_view token;  // of a session; may be empty
  std::string_view key;    // Idempotency-Key; may be empty
  std::string_view body;
};

class HttpLoad {
 public:
  using Done = std::function<void(const LoadAnswer&)>;

  explicit HttpLoad(uint16_t port);
  ~HttpLoad();
  HttpLoad(const HttpLoad&) = delete;
  HttpLoad& operator=(const HttpLoad&) = delete;

  // Opens a connection and returns its number; the first request waits for it.  throws
  // std::runtime_error
  size_t connect();

  // One request at a time for each connection. `done` comes from run(); a connection that broke is
  // opened again by the next send().
  void send(size_t connection, const LoadRequest& request, Done done);

  // Calls `task` from run() when the time has come.
  void at(int64_t monotonic_ns, std::function<void()> task);

  // Until `over` says so, which is asked after each round.
  void run(const std::function<bool()>& over);

  static int64_t now_ns();

 private:
  struct Connection {
    int fd = -1;
    bool writing = false;
    std::string out;
    size_t sent = 0;
    std::string in;
    Done done;
  };
  void open(Connection& connection, size_t number);
  void write(size_t number);
  void read(size_t number);
  void finish(size_t number, const LoadAnswer& answer);
  void watch(size_t number, bool write);

  uint16_t port_;
  int epoll_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::multimap<int64_t, std::function<void()>> tasks_;
};

}  // namespace gantry::bench
