// Service gantry.ticketing.inventory/1 (gantry/ticketing/inventory.h says what it promises).
#pragma once
#include "box_office.hpp"
#include "gantry/ticketing/inventory.h"

namespace gantry::events {

class InventoryService {
 public:
  explicit InventoryService(BoxOffice& office);
  InventoryService(const InventoryService&) = delete;  // the table points here
  InventoryService& operator=(const InventoryService&) = delete;

  const gantry_inventory* table() const { return &table_; }

  // What the caller gets: `refused` and the answer's JSON.
  struct Answer {
    bool refused = false;
    std::string json;
  };
  struct Line {
    std::string_view section;
    std::vector<std::string> seats;
    uint32_t quantity = 0;
    bool adjacent = false;
  };

  // All [worker] [bus]. A refusal adds nothing to the unit but the versions it rests on.
  Answer hold(Unit& unit, const Uuid& event, const Uuid& reservation,
              const std::vector<Line>& lines, Instant now);
  Answer extend(Unit& unit, const Uuid& event, const Uuid& reservation,
                const std::vector<std::string_view>& sections, Instant until);
  Answer confirm(Unit& unit, const Uuid& event, const Uuid& reservation,
                 const std::vector<Line>& lines, Instant now);
  void release(Unit& unit, const Uuid& event, const Uuid& reservation,
               const std::vector<std::string_view>& sections, Inventory::Cause cause, Instant now);

 private:
  BoxOffice& office_;
  gantry_inventory table_;
};

}  // namespace gantry::events
