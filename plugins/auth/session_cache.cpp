#include "session_cache.hpp"

#include <algorithm>
#include <utility>

namespace gantry::auth {

SessionCache::SessionCache(size_t sessions_max, std::chrono::seconds time_to_live,
                           const SessionLimits& limits)
    : entries_per_shard_max_((sessions_max + std::tuple_size_v<decltype(shards_)> - 1) /
                             std::tuple_size_v<decltype(shards_)>),
      time_to_live_ns_(std::chrono::nanoseconds(time_to_live).count()),
      limits_(limits) {}

PrincipalPtr SessionCache::use(const Digest& session, Instant now, int64_t monotonic_ns) {
  Shard& shard = shard_of(session);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.by_digest.find(session);
  if (found == shard.by_digest.end()) return nullptr;
  Entry& entry = *found->second;
  // Stays in the cache: last_use() is still wanted.
  if (monotonic_ns - entry.read_ns >= time_to_live_ns_) return nullptr;
  if (session_end(entry.times, limits_, now)) {
    erase(shard, found->second);
    return nullptr;
  }
  entry.times.last_active_at = std::max(entry.times.last_active_at, now);
  shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
  return entry.principal;
}

std::optional<Instant> SessionCache::last_use(const Digest& session) {
  Shard& shard = shard_of(session);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.by_digest.find(session);
  if (found == shard.by_digest.end()) return std::nullopt;
  return found->second->times.last_active_at;
}

void SessionCache::put(const Digest& session, PrincipalPtr principal, const SessionTimes& times,
                       int64_t monotonic_ns, uint64_t revision) {
  Shard& shard = shard_of(session);
  const std::lock_guard lock(shard.mutex);
  if (revision != revision_.load()) return;
  if (const auto found = shard.by_digest.find(session); found != shard.by_digest.end()) {
    erase(shard, found->second);
  } else if (shard.entries.size() >= entries_per_shard_max_) {
    erase(shard, std::prev(shard.entries.end()));
  }
  shard.entries.push_front({session, std::move(principal), times, monotonic_ns});
  shard.by_digest.emplace(session, shard.entries.begin());
}

void SessionCache::erase(const Digest& session) {
  revision_.fetch_add(1);
  Shard& shard = shard_of(session);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.by_digest.find(session);
  if (found != shard.by_digest.end()) erase(shard, found->second);
}

void SessionCache::erase_user(std::string_view user) {
  revision_.fetch_add(1);
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    for (auto at = shard.entries.begin(); at != shard.entries.end();) {
      const auto entry = at++;
      if (entry->principal->user == user) erase(shard, entry);
    }
  }
}

void SessionCache::erase(Shard& shard, std::list<Entry>::iterator at) {
  shard.by_digest.erase(at->session);
  shard.entries.erase(at);
}

}  // namespace gantry::auth
