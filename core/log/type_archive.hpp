// TypeArchive: the event types that were ever registered, in the events database: what is known of
// the log without the plugins that wrote it, and what none of them may change any more.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/log/event_type.hpp"
#include "core/sql/database.hpp"

namespace gantry::log {

struct ArchivedType {
  std::string name;  // "payments.captured"
  uint32_t current = 0;
};

class TypeArchive {
 public:
  // The database has the tables of migrations/core. Both outlive this.
  TypeArchive(sql::Database& events, const base::Clock& clock) : events_(events), clock_(clock) {}

  std::vector<ArchivedType> list();  // by name  throws Unavailable

  // Keeps what is new of `types`, all or nothing. The current version of a name never goes back:
  // beside this server another one may already write a later version.
  //   throws  Invalid      one was registered with another schema; the sentence says what to do
  //           Unavailable  as Session::exec
  //   thread  [setup] blocks on I/O
  void keep(const std::vector<DeclaredType>& types);

 private:
  sql::Database& events_;
  const base::Clock& clock_;
};

}  // namespace gantry::log
