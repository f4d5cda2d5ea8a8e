// I7, each event: where a test build has written es_projected, every event that matches a shipped
// view is there exactly once, up to the view's checkpoint. Reads the table beside the log, so it
// keeps nothing.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/verify/database.hpp"
#include "core/verify/event.hpp"
#include "core/verify/report.hpp"

namespace gantry::verify {

class Projected final : public Fold {
 public:
  Projected(Database* projections, Report& report);
  void see(const Event& event, Json data) override;
  void end() override;

 private:
  struct Consumer {
    std::string name;
    std::string category;
    int64_t checkpoint = 0;
    std::unique_ptr<Cursor> rows;
    bool has_row = false;
    int64_t last = 0;  // position of the row before
    void advance() {
      if (has_row) last = rows->integer(0);
      has_row = rows->next();
    }
  };
  void take(Consumer& consumer, int64_t position, bool matches);

  Report& report_;
  std::vector<Consumer> consumers_;
  int64_t rows_ = 0;
};

}  // namespace gantry::verify
