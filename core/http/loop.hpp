// EventLoop: one thread, one epoll, and the connections on it.
#pragma once
#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/http/acceptor.hpp"
#include "core/http/connection.hpp"
#include "core/http/desk.hpp"
#include "core/http/mailbox.hpp"
#include "core/http/watches.hpp"
#include "core/pipeline/exchange.hpp"

namespace gantry::http {

class EventLoop final : public pipeline::Loop {
 public:
  EventLoop(unsigned index, Edge& edge, const Limits& limits);
  ~EventLoop() override;  // stops

  // Before start().
  void listen(const Poco::Net::ServerSocket& socket);
  void start();
  // Cuts all connections and ends the thread. Tasks posted later never run.
  void stop();

  // pipeline::Loop
  void post(std::function<void()> task) override { mailbox_.post(std::move(task)); }
  unsigned index() const override { return index_; }
  uint64_t after(uint32_t delay_ms, std::function<void()> task) override;
  void cancel(uint64_t timer) override { delayed_.erase(timer); }
  void watch(int fd, uint32_t events, std::function<void(uint32_t events)> ready) override {
    watches_.watch(fd, events, std::move(ready));
  }
  void unwatch(int fd) override { watches_.unwatch(fd); }

  // [loop thread]
  void stop_accepting();
  void drain();
  void cut();
  void limit(const Limits& limits) { desk_.limits = limits; }

  const LoopCounters& counters() const { return desk_.counters; }  // [any] thread

 private:
  // A task of after().
  class Delayed final : public Timer {
   public:
    Delayed(EventLoop& loop, uint64_t id, std::function<void()> task)
        : loop_(loop), id_(id), task_(std::move(task)) {}
    ~Delayed() { loop_.desk_.wheel.disarm(*this); }

   private:
    void expired() override;
    EventLoop& loop_;
    uint64_t id_;
    std::function<void()> task_;
  };

  void run();
  int wait_ms();
  void run_scheduled();
  void reap();
  void adopt(const Poco::Net::StreamSocket& socket, Peer peer);

  unsigned index_;
  int epoll_fd_;
  Mailbox mailbox_;
  Desk desk_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> resuming_;
  Watches watches_;
  std::unordered_map<uint64_t, std::unique_ptr<Delayed>> delayed_;
  uint64_t last_timer_ = 0;
  bool stopping_ = false;  // loop thread only
  std::thread thread_;
};

}  // namespace gantry::http
