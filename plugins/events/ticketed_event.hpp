// An event that tickets are sold for, stream "event-<id>":
//   draft → published → sales_open ⇄ sales_closed.
// Pure: no clock, no I/O, no ids made here.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "details.hpp"
#include "gantry/log.hpp"
#include "gantry/result.hpp"

namespace gantry::events {

enum class Status : uint8_t {
  draft,
  published,
  sales_open,
  sales_closed,
  completed,
  cancelling,
  cancelled
};
std::string_view name_of(Status status);
std::optional<Status> status_from(std::string_view name);

// Who asks; owners and admins may change an event.
struct Actor {
  std::string user;
  bool admin = false;
};

struct TicketedEvent {
  static constexpr std::string_view kCategory = "event";

  // Events.
  struct Created {
    Uuid id;
    std::string owner_id;
    Details details;
    Instant at;
    friend bool operator==(const Created&, const Created&) = default;
  };
  struct Published {
    Instant at;
    friend bool operator==(const Published&, const Published&) = default;
  };
  struct SalesOpened {
    Instant at;
    friend bool operator==(const SalesOpened&, const SalesOpened&) = default;
  };
  struct SalesClosed {
    Instant at;
    friend bool operator==(const SalesClosed&, const SalesClosed&) = default;
  };
  using Event = std::variant<Created, Published, SalesOpened, SalesClosed>;

  // Commands.
  struct Create {
    Uuid id;
    std::string owner_id;
    Details details;
    Instant now;
  };
  struct Publish {
    Actor by;
    Instant now;
  };
  struct OpenSales {
    Actor by;
    Instant now;
  };
  struct CloseSales {
    Actor by;
    Instant now;
  };
  using Command = std::variant<Create, Publish, OpenSales, CloseSales>;

  // Rejections.
  struct NotFound {
    friend bool operator==(const NotFound&, const NotFound&) = default;
  };
  struct AlreadyExists {
    friend bool operator==(const AlreadyExists&, const AlreadyExists&) = default;
  };
  struct NotTheOwner {
    friend bool operator==(const NotTheOwner&, const NotTheOwner&) = default;
  };
  struct WrongState {
    Status from = Status::draft;
    std::string attempted;  // "publish", "sales/open", …
    friend bool operator==(const WrongState&, const WrongState&) = default;
  };
  struct Invalid {
    std::vector<RequestFault> faults;
  };
  using Rejection = std::variant<NotFound, AlreadyExists, NotTheOwner, WrongState, Invalid>;

  struct State {
    bool exists = false;
    Uuid id;
    std::string owner_id;
    Details details;
    Status status = Status::draft;
    Instant created_at;
    Instant updated_at;
  };

  static Result<std::vector<Event>, Rejection> decide(const State& state, const Command& command);
  static void evolve(State& state, const Event& event);

  // ticketed_event_codec.cpp
  static NewEvent encode(const Event& event);
  static Event decode(std::string_view type, Json data);
};

// Two faults are the same when they name the same place and code.
inline bool operator==(const TicketedEvent::Invalid& a, const TicketedEvent::Invalid& b) {
  if (a.faults.size() != b.faults.size()) return false;
  for (size_t i = 0; i < a.faults.size(); ++i) {
    if (a.faults[i].pointer != b.faults[i].pointer || a.faults[i].code != b.faults[i].code)
      return false;
  }
  return true;
}

// Why `places` tickets may not be sold now; nullopt when they may.
enum class SaleRefusal : uint8_t { not_found, cancelled, not_open, too_many };
std::optional<SaleRefusal> refuses_sale(const TicketedEvent::State& state, uint32_t places,
                                        Instant now);

// The event as the API shows it.
std::string event_json(const TicketedEvent::State& state, int64_t version);

}  // namespace gantry::events
