// sql::PoolAsker: asks on an engine that can only block: each runs on a worker, with a reading
// session of the database.
#pragma once
#include <cstdint>
#include <map>
#include <memory>

#include "core/sql/asker.hpp"
#include "core/sql/database.hpp"
#include "core/sql/way_back.hpp"

namespace gantry::sql {

class PoolAsker final : public Asker {
 public:
  // `database` outlives the workers.
  PoolAsker(const AskOptions& options, const AskerPorts& ports, Database& database);
  ~PoolAsker() override;
  PoolAsker(const PoolAsker&) = delete;
  PoolAsker& operator=(const PoolAsker&) = delete;

  //   throws  Exhausted  also when the queue of the workers is full
  void ask(std::string_view statement, const Values& values, Answered done) override;

 private:
  void answer(uint64_t id, const Answer& answer);
  void set_deadline();
  void expire();

  const AskOptions options_;
  const AskerPorts ports_;
  Database& database_;
  const std::shared_ptr<WayBack> way_;              // second owners: the workers
  std::map<uint64_t, std::shared_ptr<Ask>> asked_;  // the same, for statement and values
  uint64_t last_ = 0;
  uint64_t deadline_ = 0;  // timer
};

}  // namespace gantry::sql
