// I6 for reservations_view: state and version of every reservation. Folds the reservation-*
// streams; keeps 5 bytes and the id of each.
#pragma once
#include <unordered_map>

#include "core/verify/event.hpp"
#include "core/verify/report.hpp"
#include "core/verify/view.hpp"

namespace gantry::verify {

class Reservations final : public Fold {
 public:
  Reservations(Database* projections, Report& report);
  void see(const Event& event, Json data) override;
  void end() override;

  enum class State : uint8_t { none, held, paying, confirmed, expired, cancelled, failed };
  struct Reservation {
    uint32_t version = 0;
    State state = State::none;
    bool has_places = false, is_paid = false, has_end = false;  // as check_deals() finds

    bool is_open() const { return state == State::held || state == State::paying; }
  };
  static std::string_view name_of(State state);
  Reservation* find(const Uuid& id) {
    const auto at = reservations_.find(id);
    return at == reservations_.end() ? nullptr : &at->second;
  }
  template <class F>  // f(id, reservation)
  void each(F&& f) const {
    for (const auto& [id, reservation] : reservations_) f(id, reservation);
  }

 private:
  void compare();

  View view_;
  std::unordered_map<Uuid, Reservation> reservations_;
};

}  // namespace gantry::verify
