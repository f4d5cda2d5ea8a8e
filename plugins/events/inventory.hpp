// Seats of one section: available → held → sold, and back. Stream "inventory-<event id>-<section>".
// Pure: no clock, no I/O, no ids made here.
//
// A hold is free for others from its expiry instant on, whether or not a timer has fired: who takes
// from it releases it. Every step costs what it changes, not what the section holds.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "gantry/json.hpp"
#include "gantry/log.hpp"
#include "gantry/result.hpp"
#include "seating.hpp"

namespace gantry::events {

enum class SectionKind : uint8_t { general_admission, numbered };

struct Inventory {
  static constexpr std::string_view kCategory = "inventory";
  static std::string id_of(const Uuid& event, std::string_view section) {
    return join(event.text(), '-', section);
  }

  enum class Place : uint8_t { held, sold };
  enum class Cause : uint8_t { expired, cancelled, failed, refunded };

  // Events. `seats` is empty in general admission; `quantity` counts the places in any case.
  struct Opened {
    SectionKind kind = SectionKind::general_admission;
    uint32_t capacity = 0;
    std::vector<SeatRow> rows;
    friend bool operator==(const Opened&, const Opened&) = default;
  };
  struct Held {
    Uuid by;
    std::vector<std::string> seats;
    uint32_t quantity = 0;
    Instant at, until;
    friend bool operator==(const Held&, const Held&) = default;
  };
  struct Extended {
    Uuid by;
    Instant until;
    friend bool operator==(const Extended&, const Extended&) = default;
  };
  struct Confirmed {
    Uuid by;
    std::vector<std::string> seats;
    uint32_t quantity = 0;
    Instant at;
    friend bool operator==(const Confirmed&, const Confirmed&) = default;
  };
  struct Released {
    Uuid by;
    Place from = Place::held;
    Cause cause = Cause::expired;
    std::vector<std::string> seats;
    uint32_t quantity = 0;
    Instant at;
    friend bool operator==(const Released&, const Released&) = default;
  };
  using Event = std::variant<Opened, Held, Extended, Confirmed, Released>;

  // Commands.
  struct Open {
    SectionKind kind = SectionKind::general_admission;
    uint32_t capacity = 0;
    std::vector<SeatRow> rows;
  };
  // Places chosen here; in a numbered section next to each other in one row when possible.
  struct Pick {
    uint32_t quantity = 0;
    bool adjacent = false;  // must be next to each other; no meaning in general admission
  };
  struct Hold {
    Uuid by;
    std::vector<std::string> seats;
    std::vector<Pick> picks;
    Instant now, until;
  };
  struct Extend {
    Uuid by;
    Instant until;
  };
  // Sells what `by` holds. If its hold has gone, takes these seats, or so many places, again.
  struct Confirm {
    Uuid by;
    std::vector<std::string> seats;
    uint32_t quantity = 0;
    Instant now;
  };
  struct Release {
    Uuid by;
    Cause cause = Cause::cancelled;
    Instant now;
  };
  using Command = std::variant<Open, Hold, Extend, Confirm, Release>;

  // Rejections.
  struct NotOpen {
    friend bool operator==(const NotOpen&, const NotOpen&) = default;
  };
  struct AlreadyOpen {
    friend bool operator==(const AlreadyOpen&, const AlreadyOpen&) = default;
  };
  struct SeatTaken {
    std::vector<std::string> seats;
    friend bool operator==(const SeatTaken&, const SeatTaken&) = default;
  };
  struct UnknownSeat {
    std::vector<std::string> seats;
    friend bool operator==(const UnknownSeat&, const UnknownSeat&) = default;
  };
  struct Insufficient {
    uint32_t requested = 0, available = 0, held = 0;
    std::optional<Instant> retry_at;  // the earliest hold that can expire
    friend bool operator==(const Insufficient&, const Insufficient&) = default;
  };
  struct SoldOut {  // nothing available, and nothing held that could come back
    friend bool operator==(const SoldOut&, const SoldOut&) = default;
  };
  struct HoldGone {  // nothing held, and the same places are not free
    friend bool operator==(const HoldGone&, const HoldGone&) = default;
  };
  using Rejection =
      std::variant<NotOpen, AlreadyOpen, SeatTaken, UnknownSeat, Insufficient, SoldOut, HoldGone>;

  // What one reservation holds or has bought.
  struct Claim {
    Place place = Place::held;
    uint32_t quantity = 0;
    std::vector<uint32_t> seats;  // numbers of Seating; empty in general admission
    Instant until;
  };

  struct State {
    bool open = false;
    SectionKind kind = SectionKind::general_admission;
    uint32_t capacity = 0;
    uint32_t held = 0;
    uint32_t sold = 0;
    std::unordered_map<Uuid, Claim> claims;
    std::set<std::pair<Instant, Uuid>> expiries;  // of held claims, earliest first

    Seating seating;
    std::vector<SeatRow> rows;
    std::vector<Uuid> owners;          // by seat; nil: nobody
    std::vector<uint32_t> free_seats;  // by row

    uint32_t free() const { return capacity - held - sold; }
    const Claim* claim(const Uuid& by) const {
      const auto at = claims.find(by);
      return at == claims.end() ? nullptr : &at->second;
    }
    std::vector<std::string> labels(const Claim& claim) const;
  };

  static Result<std::vector<Event>, Rejection> decide(const State& state, const Command& command);
  static void evolve(State& state, const Event& event);

  // inventory_codec.cpp
  static NewEvent encode(const Event& event);
  static Event decode(std::string_view type, Json data);

  // inventory_snapshot.cpp
  static constexpr int64_t kSnapshotSchema = 1;
  static std::string encode_state(const State& state);
  static State decode_state(Json json);
};

}  // namespace gantry::events
