// ControlSocket: how `gantry plugin …` talks to the running server: a Unix socket in the data
// directory that only the server's own user can open, so reaching it is the permission.
//
// One request per connection: a line {"command": "plugin.disable", "id": "payments"}; one answer: a
// line
// {"ok": true, "result": …} or {"ok": false, "error": "…"}.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "core/observe/log.hpp"

namespace gantry::host {

class ControlSocket {
 public:
  // Answers one request line with one line of JSON; called on the control thread, may block.
  using Answer = std::function<std::string(std::string_view request)>;

  // Listens on <data_dir>/control.sock.  throws Unavailable
  ControlSocket(const std::string& data_dir, Answer answer, observe::Logger& logger);
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

 private:
  void serve();
  void answer_one(int client);

  std::string path_;
  Answer answer_;
  observe::Logger& logger_;
  int listener_ = -1;
  int wake_ = -1;  // eventfd: written once, to end the thread
  std::thread thread_;
};

// The other end: sends one line, returns the answer's line.
//   throws  Unavailable  no server uses this data directory, or it does not answer in 60 s
std::string ask_control(const std::string& data_dir, std::string_view request);

}  // namespace gantry::host
