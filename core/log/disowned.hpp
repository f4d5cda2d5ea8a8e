// log::Disowned: ids of events that are stored with other content than a refused unit gave them.
//
// Ids come from the command alone. When one command comes with two contents, at two servers at
// once, the second is refused; but what was decided on it meanwhile names a tip that is there. Such
// units are refused too.
#pragma once
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "core/log/log.hpp"

namespace gantry::log {

// One thread's.
class Disowned {
 public:
  // Until told() anybody may be deciding on them.
  void add(const std::vector<Uuid>& ids) {
    for (const Uuid& id : ids) ids_[id] = kUntold;
  }
  // Those who decide know by now; the last unit that may rest on them has number `last`.
  void told(uint64_t last) {
    for (auto& [id, rests] : ids_) {
      if (rests == kUntold) rests = last;
    }
  }
  // Whether unit `number`, which names `tip`, may mean another event than the stored one.
  bool contains(const Uuid& tip, uint64_t number) const {
    const auto at = ids_.find(tip);
    return at != ids_.end() && number <= at->second;
  }
  // Units up to number `done` are over.
  void forget(uint64_t done) {
    std::erase_if(ids_, [done](const auto& one) { return one.second <= done; });
  }
  bool empty() const { return ids_.empty(); }

 private:
  static constexpr uint64_t kUntold = std::numeric_limits<uint64_t>::max();
  std::unordered_map<Uuid, uint64_t> ids_;
};

}  // namespace gantry::log
