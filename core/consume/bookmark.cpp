#include "core/consume/bookmark.hpp"

namespace gantry::consume {

Bookmark::Bookmark(const Checkpoint& checkpoint, Lease& lease, const base::Clock& clock)
    : checkpoint_(checkpoint), lease_(lease), clock_(clock) {}

void Bookmark::begin_at(const Standing& row) {
  epoch_ = row.epoch;
  mark_ = row.mark;
  unsure_.reset();
}

// The lock matters: read without it, the row of a commit under way is the old one, and what is
// built on that finds the new one when it wants to write.
void Bookmark::settle(sql::Session& session) {
  if (!unsure_) return;
  const auto row = checkpoint_.lock(session);
  verify(row);
  mark_ = row->mark;
  unsure_.reset();
}

void Bookmark::move(sql::Session& session, const Mark& to) {
  renewal_ = lease_.renewal(session);
  checkpoint_.move(session, {epoch_, mark_, to, clock_.now(), renewal_.until});
  unsure_ = to;
}

void Bookmark::moved() {
  mark_ = *unsure_;
  unsure_.reset();
  lease_.renewed(renewal_);
}

void Bookmark::verify(const std::optional<Standing>& row) const {
  if (!row || row->epoch != epoch_ || !may_be_at(row->mark)) {
    Checkpoint::fenced(row, epoch_, mark_);
  }
}

}  // namespace gantry::consume
