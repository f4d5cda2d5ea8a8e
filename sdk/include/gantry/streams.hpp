// Streams<A>: the streams of an aggregate that this process keeps; bounded, least recently used
// ones go first. For Repository.
#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "gantry/ahead.hpp"

namespace gantry {

struct AggregateOptions {
  size_t streams_max = 4096;      // kept in memory
  size_t pending_max = 1024;      // decisions on one stream on their way to the log; beyond: 503
  int64_t snapshot_every = 1000;  // events of a stream, for aggregates that have snapshots

  // Section `aggregates` of the plugin's configuration, as far as its schema has these keys.
  static AggregateOptions of(const Host& host) {
    AggregateOptions options;
    if (!host.has_config()) return options;
    const Json given = host.config()["aggregates"];
    const auto take = [&](const char* key, auto& value) {
      value = static_cast<std::remove_reference_t<decltype(value)>>(
          given[key].integer_or(static_cast<int64_t>(value)));
    };
    take("streams_max", options.streams_max);
    take("pending_max", options.pending_max);
    take("snapshot_every", options.snapshot_every);
    return options;
  }
};

namespace detail {

template <class A>
class Streams {
 public:
  // Second owners: whoever decides on it now, and its decisions on their way to the log.
  using Kept = std::shared_ptr<Ahead<A>>;

  explicit Streams(const AggregateOptions& options) : options_(options) {}

  const AggregateOptions& options() const { return options_; }

  //   throws  Error{kExhausted}  streams_max are in use
  Kept find(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (const auto at = by_name_.find(name); at != by_name_.end()) {
      order_.splice(order_.begin(), order_, at->second);
      return at->second->second;
    }
    if (by_name_.size() >= options_.streams_max) let_go();
    order_.emplace_front(name, std::make_shared<Ahead<A>>());
    by_name_.emplace(name, order_.begin());
    return order_.front().second;
  }

 private:
  using Order = std::list<std::pair<std::string, Kept>>;
  static constexpr int kLookedAtMax = 64;

  // Nobody takes up a stream that only this table holds: that needs the lock.
  void let_go() {
    int looked_at = 0;
    for (auto at = order_.rbegin(); at != order_.rend() && looked_at < kLookedAtMax; ++at) {
      ++looked_at;
      if (at->second.use_count() > 1) continue;
      by_name_.erase(at->first);
      order_.erase(std::next(at).base());
      return;
    }
    throw Error(Code::kExhausted, "too many streams are being decided on");
  }

  const AggregateOptions options_;
  std::mutex mutex_;
  Order order_;  // most recently used first
  std::unordered_map<std::string, typename Order::iterator> by_name_;
};

}  // namespace detail
}  // namespace gantry
