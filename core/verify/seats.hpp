// I1: no seat has two owners at any position, no section holds more than its capacity. I6 for
// section_availability and seat_state. Folds the inventory-* streams; keeps what is held or sold.
#pragma once
#include <string>
#include <unordered_map>

#include "core/verify/event.hpp"
#include "core/verify/report.hpp"
#include "core/verify/view.hpp"

namespace gantry::verify {

class Seats final : public Fold {
 public:
  Seats(Database* projections, Report& report);
  void see(const Event& event, Json data) override;
  void end() override;
  template <class F>  // f(reservation), for each claim that was sold
  void each_sold(F&& f) const {
    for (const auto& [name, section] : sections_)
      for (const auto& [by, claim] : section.claims)
        if (claim.sold) f(by);
  }

 private:
  struct Claim {
    bool sold = false;
    uint32_t quantity = 0;
    int64_t until = 0;  // of a hold, microseconds since 1970
  };
  struct Section {
    std::string kind;
    int64_t capacity = 0;
    int64_t held = 0, sold = 0;
    int64_t version = 0;
    std::unordered_map<std::string, int64_t> rows;  // seats by row; empty in general admission
    std::unordered_map<std::string, Uuid> owners;   // by seat
    std::unordered_map<Uuid, Claim> claims;
  };
  // One event being applied: where it stands and whom it is about.
  struct Step {
    const Event& event;
    Section& section;
    Uuid by;
    Json data;
  };

  void open(const Step& step);
  void hold(const Step& step);
  void extend(const Step& step);
  void confirm(const Step& step);
  void release(const Step& step);
  bool owns_named_seats(const Step& step, const Claim& claim);
  static bool has_seat(const Section& section, const std::string& seat);
  void check_counts(const Step& step);
  void broken(const Step& step, const std::string& what);
  void compare();
  void compare_seats();

  Report& report_;
  View view_;
  std::unordered_map<std::string, Section> sections_;  // by "<event id>-<section>"
  int64_t seen_ = 0;
};

}  // namespace gantry::verify
