// Run: what the pipeline knows about one exchange. Pooled per loop and never freed while the
// pipeline lives, so that a stale handle finds a newer generation instead of freed memory.
//
// Who may touch what:
//   the lock     generation, open, gone, pending, verdict, reply, principal, stream: any thread
//   the runner   course and parcel: the one thread that carries the request now, which is the
//                loop, a worker between submit() and the post back, or nobody while a plugin or a
//                wait is pending
//   the loop     everything else
// The exchange may end (time-out, client gone) while the runner is elsewhere. Then the loop closes
// the reply (`open` false, `gone` true) and answers by itself; the runner finds out when it comes
// back, and only then the Run is free for another exchange.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "core/base/json.hpp"
#include "core/pipeline/exchange.hpp"
#include "core/pipeline/parcel.hpp"
#include "core/pipeline/router.hpp"
#include "core/pipeline/snapshot.hpp"
#include "gantry/uuid.hpp"

namespace gantry::pipeline {

struct LoopRuns;
struct Use;

// Held for a few copies at most, and almost never contended.
class SpinLock {
 public:
  void lock() {
    while (held_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  }
  void unlock() { held_.clear(std::memory_order_release); }

 private:
  std::atomic_flag held_;
};

struct Reply {
  Response http;
  std::string content_type;
  std::string code;  // of the problem document, when it is one
  std::string why;   // for the error line of a 5xx
  void clear();
};

enum class Stage : uint8_t { kChain, kPosition, kBody, kKey, kHandler, kAnswered };
enum class Place : uint8_t { kLoop, kWorker };
enum class Streaming : uint8_t { kNo, kBegun, kEnded };

// How far the request has come.
struct Course {
  Stage stage = Stage::kChain;
  uint32_t entry = 0;  // of the chain
  bool body_read = false;
  bool key_claimed = false;
  bool reached = false;  // outcome of the wait for a position
  bool waited = false;
  uint32_t attempt = 0;  // how often the handler has asked to be called again
  base::JsonDocument body;
  std::string scope, fingerprint;  // of the Idempotency-Key; empty without one
};

struct Run {
  // Fixed.
  uint32_t slot = 0;
  LoopRuns* home = nullptr;

  // The lock.
  SpinLock lock;
  uint32_t generation = 1;
  bool open = false;     // plugins may write the reply
  bool gone = false;     // the exchange ended before the request did
  bool pending = false;  // a plugin has returned PENDING and owes a resume
  // Between two steps: in a queue, or waiting for a position. No plugin has a say.
  std::atomic<bool> idle{false};
  std::atomic<bool> resumed{false};  // resume came while the call was still running
  uint32_t verdict = 0;
  Reply reply;
  size_t handler_headers = 0;  // where in reply.http.headers those of the handler begin
  std::string chain_headers;   // reply.http.headers as the handler found them
  bool authn_now = false;      // principal() is allowed
  std::string user, roles;
  Streaming streaming = Streaming::kNo;
  std::string pieces;         // for the loop to take
  size_t pieces_waiting = 0;  // bytes in pieces and in held
  bool pump_posted = false;
  std::string scope, fingerprint;  // copies of those in course, for stored_answer()
  Uuid command;
  bool begun = false;  // under the key, as far as this request knows

  // The runner.
  Course course;
  Parcel parcel;
  bool packed = false;  // the parcel is filled

  // The loop.
  Exchange* exchange = nullptr;  // null once it has ended
  Use* use = nullptr;            // the snapshot this run keeps alive
  const Route* route = nullptr;
  Found found;
  bool away = false;       // the runner is not the loop
  bool unpack = false;     // the parcel knows more than the view
  bool concluded = false;  // the answer has been handed to the exchange
  bool stream_on = false;
  std::string held;  // pieces the transport did not take yet
  uint64_t pump_timer = 0;
  gantry_request view{};
  std::vector<gantry_header> headers;
  std::string view_user, view_roles;
  int status = 0;    // as answered, for the access log
  std::string code;  // of the problem document, the same
  uint64_t answer_bytes = 0;

  gantry_handle handle() const;
};

}  // namespace gantry::pipeline
