#include "inventory_client.hpp"

namespace gantry::reservations {
namespace {

// Wishes as the C table takes them; borrows from the wishes.
class SeatLines {
 public:
  explicit SeatLines(const std::vector<Wish>& wishes) {
    size_t count = 0;
    for (const Wish& wish : wishes) count += wish.seats.size();
    seats_.reserve(count);  // lines point into it
    for (const Wish& wish : wishes) {
      gantry_seat_line line{};
      line.section = to_abi(wish.section);
      line.seats = seats_.data() + seats_.size();
      line.seat_count = static_cast<uint32_t>(wish.seats.size());
      line.quantity = wish.quantity;
      line.adjacent = wish.adjacent;
      for (const std::string& seat : wish.seats) seats_.push_back(to_abi(seat));
      lines_.push_back(line);
    }
  }
  const gantry_seat_line* data() const { return lines_.data(); }
  uint32_t count() const { return static_cast<uint32_t>(lines_.size()); }

 private:
  std::vector<gantry_str> seats_;
  std::vector<gantry_seat_line> lines_;
};

std::vector<gantry_str> sections_of(const std::vector<Wish>& wishes) {
  std::vector<gantry_str> sections;
  for (const Wish& wish : wishes) sections.push_back(to_abi(wish.section));
  return sections;
}

Service<gantry_inventory> inventory(const Host& host) {
  return host.service<gantry_inventory>(GANTRY_INVENTORY_ID);
}

}  // namespace

std::vector<Wish> wishes_of(const std::vector<Line>& lines) {
  std::vector<Wish> wishes;
  for (const Line& line : lines) {
    Wish* wish = nullptr;
    for (Wish& known : wishes) {
      if (known.section == line.section) wish = &known;
    }
    if (!wish) wish = &wishes.emplace_back(Wish{line.section, {}, 0, false});
    if (line.seat)
      wish->seats.push_back(*line.seat);
    else
      ++wish->quantity;
  }
  return wishes;
}

Result<std::string, RefusalJson> InventoryClient::hold(const Uuid& event, const Uuid& reservation,
                                                       const std::vector<Wish>& wishes,
                                                       Instant now) const {
  const auto service = inventory(host_);
  const SeatLines lines(wishes);
  const gantry_uuid event_id = event.raw(), reservation_id = reservation.raw();
  uint32_t refused = 0;
  TextSink answer, why;
  check_staged(
      service->hold(service.self(), unit_.handle(), &event_id, &reservation_id, lines.data(),
                    lines.count(), now.us(), &refused, answer.abi(), why.abi()),
      why);
  if (refused) return Refused<RefusalJson>{{answer.take()}};
  return answer.take();
}

std::optional<RefusalJson> InventoryClient::extend(const Uuid& reservation,
                                                   const Reservation::State& state,
                                                   Instant until) const {
  const auto service = inventory(host_);
  const auto wishes = wishes_of(state.lines);
  const auto sections = sections_of(wishes);
  const gantry_uuid event_id = state.terms.event_id.raw(), reservation_id = reservation.raw();
  uint32_t refused = 0;
  TextSink answer, why;
  check_staged(service->extend(service.self(), unit_.handle(), &event_id, &reservation_id,
                               sections.data(), static_cast<uint32_t>(sections.size()), until.us(),
                               &refused, answer.abi(), why.abi()),
               why);
  if (refused) return RefusalJson{answer.take()};
  return std::nullopt;
}

std::optional<RefusalJson> InventoryClient::confirm(const Uuid& reservation,
                                                    const Reservation::State& state,
                                                    Instant now) const {
  const auto service = inventory(host_);
  const auto wishes = wishes_of(state.lines);
  const SeatLines lines(wishes);
  const gantry_uuid event_id = state.terms.event_id.raw(), reservation_id = reservation.raw();
  uint32_t refused = 0;
  TextSink answer, why;
  check_staged(
      service->confirm(service.self(), unit_.handle(), &event_id, &reservation_id, lines.data(),
                       lines.count(), now.us(), &refused, answer.abi(), why.abi()),
      why);
  if (refused) return RefusalJson{answer.take()};
  return std::nullopt;
}

void InventoryClient::release(const Uuid& reservation, const Reservation::State& state,
                              uint32_t cause, Instant now) const {
  const auto service = inventory(host_);
  const auto wishes = wishes_of(state.lines);
  const auto sections = sections_of(wishes);
  const gantry_uuid event_id = state.terms.event_id.raw(), reservation_id = reservation.raw();
  TextSink why;
  check_staged(
      service->release(service.self(), unit_.handle(), &event_id, &reservation_id, sections.data(),
                       static_cast<uint32_t>(sections.size()), now.us(), cause, why.abi()),
      why);
}

}  // namespace gantry::reservations
