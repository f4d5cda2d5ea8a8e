// Replay: folds what the log holds of a stream, from a snapshot on when there is one. For
// Repository.
#pragma once
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "gantry/ahead.hpp"
#include "gantry/log.hpp"

namespace gantry::detail {

template <class A>
concept HasSnapshots = requires(const typename A::State& state, Json json) {
  { A::kSnapshotSchema } -> std::convertible_to<int64_t>;
  { A::encode_state(state) } -> std::convertible_to<std::string>;
  { A::decode_state(json) } -> std::convertible_to<typename A::State>;
};

// Applies what the log has after `fold`. False: the event that `fold` ends with is not there; the
// log is another one than it was read from, a copy that was put back. Then, and when it throws,
// `fold` is of no use any more. Where its tip is not known, any event of that version will do.
// throws  as read_stream, and what A throws [worker] [bus]
template <class A>
bool read_on(const Host& host, const std::string& stream, Fold<A>& fold) {
  const int64_t known = fold.version();
  bool is_same = known == 0;
  read_stream(host, stream, known == 0 ? 0 : known - 1, [&](const StoredEvent& stored) {
    if (stored.version() == known) {
      is_same = fold.tip() == Uuid() || fold.tip() == stored.id();
      fold.move_to(known, stored.id());
      return;
    }
    if (!is_same) return;
    if (!stored.type().starts_with("gantry.")) {  // those are the host's own: a timer fired
      const JsonDocument data(host.json(), stored.data());
      fold.apply(A::decode(stored.type(), data.root()));
    }
    fold.move_to(stored.version(), stored.id());
  });
  return is_same;
}

// The newest snapshot that this version of A understands; its tip is not known.
template <class A>
std::optional<Fold<A>> read_snapshot(const Host& host, const std::string& stream) {
  int64_t version = 0;
  TextSink data, why;
  const auto& log = host.log();
  const gantry_rc rc =
      log.snapshot(log.self, to_abi(stream), A::kSnapshotSchema, &version, data.abi(), why.abi());
  if (rc == GANTRY_NOT_FOUND) return std::nullopt;
  check(rc, why);
  const JsonDocument json(host.json(), data.text());
  return Fold<A>::of(A::decode_state(json.root()), version);
}

// The whole stream; `snapshot` is the version of the one it began with, or 0. One that cannot be
// used costs time only.
template <class A>
Fold<A> read_all(const Host& host, const std::string& stream, int64_t& snapshot) {
  snapshot = 0;
  if constexpr (HasSnapshots<A>) {
    std::optional<Fold<A>> fold;
    TextSink why;
    const bool is_readable =
        guarded(why.abi(), [&] { fold = read_snapshot<A>(host, stream); }) == GANTRY_OK;
    // The event it was made at says its tip, and that it belongs to this log.
    const int64_t version = fold ? fold->version() : 0;
    if (version > 0 && read_on(host, stream, *fold)) {
      snapshot = version;
      return std::move(*fold);
    }
    if (version > 0 || !is_readable) {
      host.write(
          Level::warn, "aggregate.snapshot_not_used",
          "A long stream is loaded from its first event",
          {{"stream", stream},
           {"reason", is_readable ? "the log has no event that it was made at" : why.text()}});
    }
  }
  Fold<A> fold;
  read_on(host, stream, fold);
  return fold;
}

}  // namespace gantry::detail
