// LockedStream<A>: one stream of an aggregate while a decision is made on it. Others who decide on
// it wait meanwhile; the log's thread does not. For Repository.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gantry/replay.hpp"
#include "gantry/streams.hpp"
#include "gantry/unit.hpp"

namespace gantry::detail {

template <class A>
class LockedStream {
 public:
  using Event = typename A::Event;

  // Settles what the log has told, and reads it where that is not enough.
  LockedStream(const Host& host, Streams<A>& streams, std::string name)
      : host_(host),
        options_(streams.options()),
        name_(std::move(name)),
        stream_(streams.find(name_)),
        lock_(stream_->mutex) {
    stream_->settle();
    if (stream_->must_read()) read();
    if constexpr (HasSnapshots<A>) take_snapshot();
  }
  ~LockedStream() {
    lock_.unlock();
    if constexpr (HasSnapshots<A>) keep_snapshot();
  }
  LockedStream(const LockedStream&) = delete;
  LockedStream& operator=(const LockedStream&) = delete;

  const Fold<A>& now() const { return stream_->now(); }
  uint64_t revision() const { return stream_->revision(); }

  // What the log has now, whatever is on its way there.
  Fold<A> read_committed() {
    Fold<A> fold = stream_->committed();
    if (was_read_) return fold;
    catch_up(fold);
    if (fold.tip() != stream_->committed().tip() && stream_->pending() == 0) stream_->adopt(fold);
    return fold;
  }

  // Lets `unit` write these events after what the stream is now; without any it only rests on that.
  //   throws  Conflict, Error{kExhausted}
  void stage(Unit& unit, const std::vector<Event>& events) {
    const auto basis = stream_->basis_for(unit.handle());
    follow(unit, basis);
    if (events.empty()) {
      if (basis.first) watch(unit, false);
      append(unit, basis, {});
      return;
    }
    if (basis.first && stream_->pending() >= options_.pending_max) {
      throw Error(Code::kExhausted,
                  join(options_.pending_max, " decisions on ", name_, " are on their way"));
    }
    std::vector<NewEvent> encoded;
    encoded.reserve(events.size());
    for (const Event& event : events) encoded.push_back(A::encode(event));
    if (basis.first) watch(unit, true);
    const Uuid last = append(unit, basis, encoded);
    stream_->stage(unit.handle(), basis, events, last);
  }

 private:
  using Basis = typename Ahead<A>::Basis;

  void read() {
    const bool is_new = stream_->is_new();
    Fold<A> fold = stream_->lend();
    if (is_new)
      fold = read_all<A>(host_, name_, stream_->snapshot_version);
    else
      catch_up(fold);
    stream_->adopt(std::move(fold));
    was_read_ = true;
  }

  void catch_up(Fold<A>& fold) {
    if (!read_on(host_, name_, fold)) fold = read_all<A>(host_, name_, stream_->snapshot_version);
  }

  // The unit reaches the log only after those on whose events it is decided.
  void follow(Unit& unit, const Basis& basis) {
    if (basis.predecessor == 0) return;
    const gantry_rc rc = unit.after(basis.predecessor);
    if (rc == GANTRY_OK) return;
    if (rc == GANTRY_NOT_FOUND) {  // it ended just now; how, has been told
      const uint64_t revision = stream_->revision();
      stream_->settle();
      if (revision == stream_->revision() && !stream_->knows(basis.predecessor)) return;
    } else if (rc != GANTRY_CONFLICT) {
      check(rc, "wait for another unit");
    }
    throw Conflict(join("what was decided before on ", name_, " does not come about"));
  }

  void watch(Unit& unit, bool staged) {
    auto watch = std::make_unique<Watch>(Watch{&host_, stream_, unit.handle(), staged});
    const gantry_rc rc = unit.watch(watch.get(), &LockedStream::told);
    if (rc == GANTRY_CONFLICT) throw Conflict("the unit is refused already");
    check(rc, "watch a unit");
    watch.release();  // NOLINT: told() has it
  }

  // On the log's thread, or the one that drops the unit.
  static void told(void* state, const gantry_outcome* outcome) {
    using End = Outcomes::End;
    std::unique_ptr<Watch> watch(static_cast<Watch*>(state));
    const bool came_about = outcome->rc == GANTRY_OK && outcome->repeated == 0;
    const bool dropped = outcome->rc == GANTRY_STALE;
    guarded(nullptr, [&] {
      watch->stream->outcomes.put({watch->unit, watch->staged,
                                   came_about ? End::came_about
                                   : dropped  ? End::dropped
                                              : End::lost});
    });
    if (!dropped) return;
    // Its checks may be left: how those end matters, too.
    watch->staged = false;
    const auto& log = watch->host->log();
    if (log.watch(log.self, watch->unit, watch.get(), &LockedStream::told) == GANTRY_OK)
      watch.release();  // NOLINT: told() has it again
  }

  Uuid append(Unit& unit, const Basis& basis, const std::vector<NewEvent>& events) {
    std::optional<Uuid> tip;
    if (basis.version > 0) tip = basis.tip;
    return unit.append(name_, basis.version, events, tip);
  }

  // Encoded under the lock, written after it.
  void take_snapshot() {
    const Fold<A>& fold = stream_->committed();
    if (fold.version() - stream_->snapshot_version < options_.snapshot_every) return;
    stream_->snapshot_version = fold.version();
    guarded(nullptr, [&] { snapshot_ = {fold.version(), A::encode_state(*fold.state())}; });
  }
  void keep_snapshot() noexcept {
    if (!snapshot_) return;
    const auto& log = host_.log();
    TextSink why;
    const gantry_rc rc = log.keep_snapshot(log.self, to_abi(name_), A::kSnapshotSchema,
                                           snapshot_->version, to_abi(snapshot_->data), why.abi());
    if (rc == GANTRY_OK) return;
    host_.write(Level::warn, "aggregate.snapshot_not_kept",
                "A long stream will load slowly until its next snapshot",
                {{"stream", name_}, {"reason", why.text()}});
  }

  struct Watch {
    const Host* host;
    std::shared_ptr<Ahead<A>> stream;  // second owner: the table of streams
    gantry_handle unit;
    bool staged;
  };
  struct Snapshot {
    int64_t version;
    std::string data;
  };

  const Host& host_;
  const AggregateOptions& options_;
  const std::string name_;
  const std::shared_ptr<Ahead<A>> stream_;
  std::unique_lock<std::mutex> lock_;
  bool was_read_ = false;
  std::optional<Snapshot> snapshot_;
};

}  // namespace gantry::detail
