// ConsumerControl: the port through which the registry runs a plugin's projections and processes.
// consume::Consumers is behind it in the server (HostConsumers).
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "core/consume/consumer.hpp"
#include "core/consume/consumers.hpp"

namespace gantry::plugins {

class ConsumerControl {
 public:
  virtual ~ConsumerControl() = default;
  // As the functions of consume::Consumers.
  virtual void add(const std::string& owner, const std::vector<consume::Projection>& projections,
                   const std::vector<consume::Process>& processes) = 0;
  virtual void start(const std::string& owner) = 0;
  virtual std::vector<std::string> stop(const std::string& owner,
                                        std::chrono::milliseconds within) = 0;
  virtual void remove(const std::string& owner) = 0;
};

class HostConsumers final : public ConsumerControl {
 public:
  explicit HostConsumers(consume::Consumers& consumers) : consumers_(consumers) {}
  void add(const std::string& owner, const std::vector<consume::Projection>& projections,
           const std::vector<consume::Process>& processes) override {
    for (const auto& projection : projections) consumers_.add(owner, projection);
    for (const auto& process : processes) consumers_.add(owner, process);
  }
  void start(const std::string& owner) override { consumers_.start(owner); }
  std::vector<std::string> stop(const std::string& owner,
                                std::chrono::milliseconds within) override {
    return consumers_.stop(owner, within);
  }
  void remove(const std::string& owner) override { consumers_.remove(owner); }

 private:
  consume::Consumers& consumers_;
};

}  // namespace gantry::plugins
