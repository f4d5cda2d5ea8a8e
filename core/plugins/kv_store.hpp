// KvStore: short-lived keys and values in memory, the least recently used go first. What
// gantry.kv/1 stands on; each plugin sees its own keys only.
#pragma once
#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/clock.hpp"
#include "gantry/abi/base.h"

namespace gantry::plugins {

struct KvLimits {
  uint64_t bytes_max = 64 * 1024 * 1024;  // of all plugins together, keys and bookkeeping included
  uint32_t key_bytes_max = 256;
  uint32_t value_bytes_max = 64 * 1024;
  uint64_t ttl_ms_max = uint64_t{366} * 24 * 3600 * 1000;
};

// All members [any].
class KvStore {
 public:
  KvStore(const KvLimits& limits, const base::Clock& clock);

  // Codes as in gantry/abi/kv.h. `owner` is the plugin's id.
  gantry_rc get(std::string_view owner, std::string_view key, std::string& value);
  gantry_rc put(std::string_view owner, std::string_view key, std::string_view value,
                uint64_t ttl_ms);
  gantry_rc erase(std::string_view owner, std::string_view key);
  // GANTRY_INVALID also when the value is no integer or the sum does not fit.
  gantry_rc add(std::string_view owner, std::string_view key, int64_t delta, uint64_t ttl_ms,
                int64_t& sum);

  uint64_t bytes() const;

 private:
  struct Entry {
    std::string key;
    std::string value;
    int64_t expires_ns = 0;
    uint64_t bytes() const { return key.size() + value.size() + kEntryBytes; }
  };
  static constexpr uint64_t kEntryBytes = 160;  // list node, hash node, two strings
  static constexpr size_t kShards = 16;
  struct Shard {
    mutable std::mutex mutex;
    std::list<Entry> entries;  // most recently used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> index;  // keys live in entries
    uint64_t bytes = 0;

    Entry* find(std::string_view key, int64_t now_ns);  // and makes it the most recent
    void drop(std::list<Entry>::iterator entry);
    void put(std::string key, std::string_view value, int64_t expires_ns, uint64_t bytes_max);
  };

  bool is_key(std::string_view key) const;
  int64_t expiry(uint64_t ttl_ms) const;
  Shard& shard(std::string_view full_key);

  const KvLimits limits_;
  const base::Clock& clock_;
  std::array<Shard, kShards> shards_;
};

}  // namespace gantry::plugins
