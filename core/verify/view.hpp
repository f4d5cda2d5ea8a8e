// View: how far a read model is, so that its rows are compared with the fold at that position.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/verify/database.hpp"
#include "core/verify/report.hpp"

namespace gantry::verify {

class View {
 public:
  // `projections` may be null. Of several versions of the consumer the highest counts. Rows in
  // `table` without a checkpoint are a fault: nobody knows where they stand.
  View(Database* projections, Report& report, const std::string& consumer,
       const std::string& table);

  // True once, when the fold stands where the view does: before the first event beyond it, or at
  // the end of the log.
  bool is_due(int64_t next_position);
  bool is_due_at_end() { return is_due(INT64_MAX); }

  Database& database() const { return *projections_; }
  void differs(const std::string& what) const;
  void compared(int64_t rows, std::string_view things) const;

 private:
  Database* projections_;
  Report& report_;
  std::string consumer_;
  std::optional<int64_t> position_;  // nothing: no such consumer, or compared already
};

}  // namespace gantry::verify
