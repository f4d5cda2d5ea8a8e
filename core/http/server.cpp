#include "core/http/server.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <latch>
#include <thread>

#include "core/http/loop.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::http {
namespace {

constexpr int kBacklog = 1024;
constexpr uint32_t kOtherFiles = 64;  // databases, logs, plugins: not for clients

// Leaves file descriptors for everything else in the process.
Limits within_file_limit(Limits limits) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY) {
    const uint64_t for_clients =
        files.rlim_cur > 2 * kOtherFiles ? files.rlim_cur - kOtherFiles : files.rlim_cur / 2;
    limits.connections_max =
        static_cast<uint32_t>(std::min<uint64_t>(limits.connections_max, for_clients));
  }
  return limits;
}

Poco::Net::ServerSocket listening(const Poco::Net::SocketAddress& address) {
  Poco::Net::ServerSocket socket;
  socket.bind(address, true, true);
  socket.listen(kBacklog);
  socket.setBlocking(false);
  socket.setNoDelay(true);  // accepted sockets inherit it on Linux
  return socket;
}

}  // namespace

Server::Server(const Limits& limits, const base::Clock& clock, pipeline::Handler& handler,
               const std::vector<std::string>& addresses, unsigned loops)
    : edge_(new Edge{clock, handler}) {
  if (loops == 0) loops = std::max(1U, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < loops; ++i) {
    loops_.push_back(std::make_unique<EventLoop>(i, *edge_, within_file_limit(limits)));
    loop_ports_.push_back(loops_.back().get());
  }
  for (const std::string& address : addresses) bind(address);
}

Server::~Server() {
  if (started_) stop_accepting();
  for (const auto& loop : loops_) loop->stop();
}

void Server::bind(const std::string& address) {
  try {
    Poco::Net::SocketAddress wanted(address);
    if (wanted.port() != 0) {
      // Sockets that share a port would not notice another server on it: this one does.
      Poco::Net::ServerSocket probe;
      probe.bind(wanted, true, false);
    }
    for (const auto& loop : loops_) {
      const auto socket = listening(wanted);
      wanted = socket.address();
      loop->listen(socket);
    }
    addresses_.push_back(wanted.toString());
    ports_.push_back(wanted.port());
  } catch (const Poco::Exception& e) {
    throw Error(Code::kUnavailable, join("cannot listen on ", address, ": ", e.displayText()));
  }
}

void Server::start() {
  started_ = true;
  for (const auto& loop : loops_) loop->start();
}

template <class F>
void Server::on_every_loop(F task) {
  if (!started_) return;
  std::latch done(static_cast<std::ptrdiff_t>(loops_.size()));
  for (const auto& loop : loops_) {
    loop->post([&done, &task, target = loop.get()] {
      task(*target);
      done.count_down();
    });
  }
  done.wait();
}

void Server::set_limits(const Limits& limits) {
  for (const auto& loop : loops_) {
    loop->post([target = loop.get(), fresh = within_file_limit(limits)] { target->limit(fresh); });
  }
}

void Server::announce_close() { edge_->closing.store(true); }

void Server::stop_accepting() {
  on_every_loop([](EventLoop& loop) { loop.stop_accepting(); });
}

bool Server::drain(uint32_t deadline_ms) {
  edge_->closing.store(true);
  edge_->draining.store(true);
  on_every_loop([](EventLoop& loop) { loop.drain(); });
  bool empty;
  {
    std::unique_lock lock(edge_->mutex);
    empty = edge_->empty.wait_for(lock, std::chrono::milliseconds(deadline_ms),
                                  [&] { return edge_->connections.load() == 0; });
  }
  if (!empty) on_every_loop([](EventLoop& loop) { loop.cut(); });
  return empty;
}

uint32_t Server::connections() const { return edge_->connections.load(); }

Counters Server::counters() const {
  Counters sum;
  for (const auto& loop : loops_) {
    const LoopCounters& one = loop->counters();
    sum.accepted += one.accepted.value();
    sum.accept_pauses += one.accept_pauses.value();
    for (size_t i = 0; i < kReasons; ++i) sum.rejected[i] += one.rejected[i].value();
  }
  return sum;
}

}  // namespace gantry::http
