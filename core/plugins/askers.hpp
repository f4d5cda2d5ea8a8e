// Askers: the sql::Asker of each event loop on each logical database. Made when a loop first asks.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/runtime/loop.hpp"
#include "core/sql/asker.hpp"
#include "core/sql/database.hpp"

namespace gantry::plugins {

class Askers {
 public:
  using Submit = decltype(sql::AskerPorts::submit);

  // All outlive it; `loops` by their index.
  Askers(std::span<runtime::Loop* const> loops, const base::Clock& clock, Submit submit);
  ~Askers();  // close()
  Askers(const Askers&) = delete;
  Askers& operator=(const Askers&) = delete;

  // Before the first of().
  void add(const std::string& name, sql::Database& database);

  //   throws  NotFound     there is no such database
  //           Unavailable  after close()
  //   thread  that of the loop
  sql::Asker& of(runtime::Loop& loop, std::string_view database);

  // Answers what is outstanding and ends all connections. The loops that were asked on must still
  // turn.  [not a loop]
  void close();

 private:
  enum class Use : uint8_t { kNone, kSome, kOver };
  struct OnLoop {
    runtime::Loop* loop;
    std::atomic<Use> use{Use::kNone};
    std::map<std::string, std::unique_ptr<sql::Asker>, std::less<>> askers;  // loop thread only
  };

  const base::Clock& clock_;
  const Submit submit_;
  std::map<std::string, sql::Database*, std::less<>> databases_;
  std::vector<std::unique_ptr<OnLoop>> loops_;
};

}  // namespace gantry::plugins
