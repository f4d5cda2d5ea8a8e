// SessionCache: sessions seen lately, so that a request needs no database. Bounded; the least
// recently used go first. What is revoked on this instance is gone at once; what others revoke is
// found when the entry is read again after its time to live. [any]
#pragma once
#include <array>
#include <atomic>
#include <cstring>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "secret_token.hpp"
#include "session_rules.hpp"

namespace gantry::auth {

struct Principal {
  std::string user;
  std::string roles;  // separated by one space
};
using PrincipalPtr = std::shared_ptr<const Principal>;  // second owner: the request under way

class SessionCache {
 public:
  // sessions_max is rounded up to a multiple of the number of shards (16).
  SessionCache(size_t sessions_max, std::chrono::seconds time_to_live, const SessionLimits& limits);

  // The principal when the session is known and good at `now`, and counts the use as activity.
  // Null: ask the database.
  PrincipalPtr use(const Digest& session, Instant now, int64_t monotonic_ns);

  // When the session was last used here; the database may lag behind by the touch interval.
  std::optional<Instant> last_use(const Digest& session);

  // Taken before the database is read and given back with what was read, so that a session that was
  // revoked in between is not put back.
  uint64_t revision() const { return revision_.load(); }
  void put(const Digest& session, PrincipalPtr principal, const SessionTimes& times,
           int64_t monotonic_ns, uint64_t revision);

  void erase(const Digest& session);
  void erase_user(std::string_view user);

 private:
  struct Entry {
    Digest session;
    PrincipalPtr principal;
    SessionTimes times;
    int64_t read_ns;  // monotonic: when it was read from the database
  };
  struct HashOfDigest {
    size_t operator()(const Digest& digest) const {
      size_t hash;  // the digest is as good as random
      std::memcpy(&hash, digest.data() + 8, sizeof hash);
      return hash;
    }
  };
  struct Shard {
    std::mutex mutex;
    std::list<Entry> entries;  // most recently used first; guarded by mutex, like by_digest
    std::unordered_map<Digest, std::list<Entry>::iterator, HashOfDigest> by_digest;
  };
  Shard& shard_of(const Digest& session) { return shards_[session[0] % shards_.size()]; }
  static void erase(Shard& shard, std::list<Entry>::iterator at);

  const size_t entries_per_shard_max_;
  const int64_t time_to_live_ns_;
  const SessionLimits limits_;
  std::atomic<uint64_t> revision_{0};
  std::array<Shard, 16> shards_;
};

}  // namespace gantry::auth
