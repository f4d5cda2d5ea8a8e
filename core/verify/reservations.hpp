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

 private:
  enum class State : uint8_t { none, held, paying, confirmed, expired, cancelled, failed };
  struct Reservation {
    uint32_t version = 0;
    State state = State::none;
  };
  static std::string_view name_of(State state);
  void compare();

  View view_;
  std::unordered_map<Uuid, Reservation> reservations_;
};

}  // namespace gantry::verify
