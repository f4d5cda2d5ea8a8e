#include "core/plugins/kv_store.hpp"

#include <charconv>
#include <functional>
#include <iterator>

#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
std::string full_key(std::string_view owner, std::string_view key) {
  return join(owner, '\0', key);
}
}  // namespace

KvStore::KvStore(const KvLimits& limits, const base::Clock& clock)
    : limits_(limits), clock_(clock) {}

gantry_rc KvStore::get(std::string_view owner, std::string_view key, std::string& value) {
  if (!is_key(key)) return GANTRY_INVALID;
  const std::string full = full_key(owner, key);
  Shard& in = shard(full);
  const std::lock_guard lock(in.mutex);
  const Entry* entry = in.find(full, clock_.monotonic_ns());
  if (!entry) return GANTRY_NOT_FOUND;
  value = entry->value;
  return GANTRY_OK;
}

gantry_rc KvStore::put(std::string_view owner, std::string_view key, std::string_view value,
                       uint64_t ttl_ms) {
  if (!is_key(key) || value.size() > limits_.value_bytes_max || ttl_ms == 0) return GANTRY_INVALID;
  std::string full = full_key(owner, key);
  Shard& in = shard(full);
  const std::lock_guard lock(in.mutex);
  in.put(std::move(full), value, expiry(ttl_ms), limits_.bytes_max / kShards);
  return GANTRY_OK;
}

gantry_rc KvStore::erase(std::string_view owner, std::string_view key) {
  if (!is_key(key)) return GANTRY_INVALID;
  const std::string full = full_key(owner, key);
  Shard& in = shard(full);
  const std::lock_guard lock(in.mutex);
  const auto found = in.index.find(full);
  if (found == in.index.end()) return GANTRY_NOT_FOUND;
  in.drop(found->second);
  return GANTRY_OK;
}

gantry_rc KvStore::add(std::string_view owner, std::string_view key, int64_t delta, uint64_t ttl_ms,
                       int64_t& sum) {
  if (!is_key(key) || ttl_ms == 0) return GANTRY_INVALID;
  std::string full = full_key(owner, key);
  Shard& in = shard(full);
  const std::lock_guard lock(in.mutex);
  if (Entry* entry = in.find(full, clock_.monotonic_ns())) {
    const std::string& old = entry->value;
    int64_t before = 0;
    const auto [end, error] = std::from_chars(old.data(), old.data() + old.size(), before);
    if (error != std::errc() || end != old.data() + old.size()) return GANTRY_INVALID;
    if (__builtin_add_overflow(before, delta, &sum)) return GANTRY_INVALID;
    const uint64_t bytes = entry->bytes();
    entry->value = to_text(sum);
    in.bytes += entry->bytes() - bytes;
    return GANTRY_OK;
  }
  sum = delta;
  in.put(std::move(full), to_text(sum), expiry(ttl_ms), limits_.bytes_max / kShards);
  return GANTRY_OK;
}

uint64_t KvStore::bytes() const {
  uint64_t bytes = 0;
  for (const Shard& one : shards_) {
    const std::lock_guard lock(one.mutex);
    bytes += one.bytes;
  }
  return bytes;
}

bool KvStore::is_key(std::string_view key) const {
  return !key.empty() && key.size() <= limits_.key_bytes_max;
}

int64_t KvStore::expiry(uint64_t ttl_ms) const {
  return clock_.monotonic_ns() +
         static_cast<int64_t>(std::min(ttl_ms, limits_.ttl_ms_max)) * 1'000'000;
}

KvStore::Shard& KvStore::shard(std::string_view key) {
  return shards_[std::hash<std::string_view>()(key) % kShards];
}

KvStore::Entry* KvStore::Shard::find(std::string_view key, int64_t now_ns) {
  const auto found = index.find(key);
  if (found == index.end()) return nullptr;
  if (found->second->expires_ns <= now_ns) {
    drop(found->second);
    return nullptr;
  }
  entries.splice(entries.begin(), entries, found->second);
  return &entries.front();
}

void KvStore::Shard::drop(std::list<Entry>::iterator entry) {
  bytes -= entry->bytes();
  index.erase(entry->key);
  entries.erase(entry);
}

void KvStore::Shard::put(std::string key, std::string_view value, int64_t expires_ns,
                         uint64_t bytes_max) {
  if (const auto found = index.find(key); found != index.end()) drop(found->second);
  entries.push_front(Entry{std::move(key), std::string(value), expires_ns});
  index.emplace(entries.front().key, entries.begin());
  bytes += entries.front().bytes();
  while (bytes > bytes_max && !entries.empty()) drop(std::prev(entries.end()));
}

}  // namespace gantry::plugins
