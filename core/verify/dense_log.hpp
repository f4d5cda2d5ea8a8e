// I3: positions are 1, 2, 3 … without a hole; the versions of each stream are 1, 2, 3 … in the
// order of positions, and each stream has one; checksums match; no event id is there twice; no
// copy into it was left unfinished. 8 bytes for each event, 4 for each stream.
#pragma once
#include <vector>

#include "core/verify/database.hpp"
#include "core/verify/event.hpp"
#include "core/verify/report.hpp"

namespace gantry::verify {

class DenseLog final : public Fold {
 public:
  DenseLog(Database& events, Report& report);
  void see(const Event& event, Json data) override;
  void end() override;
  int64_t head() const { return last_position_; }

 private:
  void see_version(const Event& event);
  void check_streams();
  void check_copy();
  void broken(int64_t position, std::string what) {
    report_.broken(Invariant::dense, position, std::move(what));
  }

  Database& events_;
  Report& report_;
  int64_t last_position_ = 0;
  int64_t count_ = 0;
  std::vector<uint32_t> versions_;  // by stream id: the last version seen
};

void check_event_ids(Database& events, Report& report);

}  // namespace gantry::verify
