// I1, I2 and I9 across places, reservations, money and timers, as they stand at the end of the log:
// what is sold belongs to a confirmed reservation, which somebody pays for, money is kept for
// nothing else, and every hold comes to an end.
#pragma once
#include "core/verify/money.hpp"
#include "core/verify/reservations.hpp"
#include "core/verify/seats.hpp"

namespace gantry::verify {

// After each of them has seen the whole log of `events`. Marks the reservations.
void check_deals(const Seats& seats, const Money& money, Reservations& reservations,
                 Database& events, Report& report);

}  // namespace gantry::verify
