// log::Readers: the log's reading connections: at most readers_max, opened when first needed.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "core/log/store.hpp"

namespace gantry::log {

class Readers {
 public:
  Readers(Engine& engine, uint32_t max, std::chrono::milliseconds wait_max)
      : engine_(engine), max_(max), wait_max_(wait_max) {}

  // A reader on loan; goes back when destroyed.  throws Unavailable  none was free for wait_max, or
  // closed
  class Lease {
   public:
    explicit Lease(Readers& readers) : readers_(readers), reader_(readers.take()) {}
    ~Lease() { readers_.give_back(std::move(reader_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Reader* operator->() { return reader_.get(); }

   private:
    Readers& readers_;
    std::unique_ptr<Reader> reader_;
  };

  // Calls f(Reader&). A connection that turns out to be broken is replaced once: the server may
  // have been restarted since it was last used. So f may run twice: it must not have given anything
  // away before it throws.
  template <class F>
  auto with(F&& f) {
    {
      Lease lease(*this);
      try {
        return f(*lease.operator->());
      } catch (const Error&) {
        if (lease->sound()) throw;
      }
    }
    Lease lease(*this);
    return f(*lease.operator->());
  }

  // No more loans; closes each connection when it comes back.
  void close();

 private:
  std::unique_ptr<Reader> take();
  void give_back(std::unique_ptr<Reader> reader);

  Engine& engine_;
  const uint32_t max_;
  const std::chrono::milliseconds wait_max_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Reader>> idle_;
  uint32_t open_ = 0;  // on loan and idle
  bool closed_ = false;
};

}  // namespace gantry::log
