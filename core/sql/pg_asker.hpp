// sql::PgAsker: asks on PostgreSQL, over connections that the loop owns.
#pragma once
#include <memory>
#include <vector>

#include "core/sql/asker.hpp"
#include "core/sql/pg_line.hpp"

namespace gantry::sql {

class PgAsker final : public Asker {
 public:
  PgAsker(const AskOptions& options, const AskerPorts& ports, const PgLine::Open& open);
  void ask(std::string_view statement, const Values& values, Answered done) override;

 private:
  const AskOptions options_;
  const AskerPorts ports_;
  std::vector<std::unique_ptr<PgLine>> lines_;
};

}  // namespace gantry::sql
