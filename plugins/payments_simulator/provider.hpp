// Provider: the service gantry.payment_provider/1. Each call decides on the books, writes them in
// its own transaction, waits as long as the token says, and only then answers.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>

#include "gantry/host.hpp"
#include "gantry/ticketing/payment_provider.h"
#include "simulation.hpp"

namespace gantry::payments_simulator {

class Provider {
 public:
  explicit Provider(const Host& host);
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;

  const gantry_payment_provider& table() const { return table_; }

  void start(uint32_t latency_ms) { latency_ms_ = latency_ms; }
  // Ends all waits. [setup]
  void stop();

 private:
  using Decide = std::function<Decision(const Books&)>;
  // For the caller: answers UNKNOWN after deadline_ms.
  void answer(std::string_view key, uint32_t deadline_ms, const Decide& decide,
              gantry_pay_outcome& outcome);
  Decision decide_and_write(std::string_view key, const Decide& decide) const;
  // False when the deadline came first.
  bool wait(uint32_t delay_ms, uint32_t deadline_ms);

  const Host& host_;
  gantry_payment_provider table_;
  uint32_t latency_ms_ = 0;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stopped_ = false;  // guarded by mutex_
};

}  // namespace gantry::payments_simulator
