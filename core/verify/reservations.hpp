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
  static std::string_view name_of(State state);
  State state_of(const Uuid& id) const {
    const auto at = reservations_.find(id);
    return at == reservations_.end() ? State::none : at->second.state;
  }
  template <class F>  // f(id, state)
  void each(F&& f) const {
    for (const auto& [id, reservation] : reservations_) f(id, reservation.state);
  }

 private:
  struct Reservation {
    uint32_t version = 0;
    State state = State::none;
  };
  void compare();

  View view_;
  std::unordered_map<Uuid, Reservation> reservations_;
};

}  // namespace gantry::verify
