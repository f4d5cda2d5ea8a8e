/* clang-format off */
/* gantry/ticketing/inventory.h - seats of an event: priced, held, sold, freed. Offered by plugin `events`
 * as service GANTRY_INVENTORY_ID, used by whoever reserves.
 *
 * Every function decides on the current inventory and adds its events to the caller's `unit` (log.h):
 * nothing takes effect before the caller commits, and all of it does together. GANTRY_CONFLICT from the
 * commit means: decide again in a new unit. [worker] [bus]
 *
 * The business may say no: then rc is GANTRY_OK, *refused is 1, the unit has got nothing but the versions
 * that this rests on (commit them before you answer, see keep_checks), and `answer`
 * receives {"status", "code", "detail", "params"} for a problem document. */
#ifndef GANTRY_TICKETING_INVENTORY_H
#define GANTRY_TICKETING_INVENTORY_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_INVENTORY_ID "gantry.ticketing.inventory/1"

/* Why seats become free. */
#define GANTRY_RELEASE_EXPIRED 1
#define GANTRY_RELEASE_CANCELLED 2
#define GANTRY_RELEASE_FAILED 3
#define GANTRY_RELEASE_REFUNDED 4

/* Named seats of a numbered section, or a number of places (seats of a numbered section are then chosen by
 * the inventory; in a general-admission section there are none to name). */
typedef struct gantry_seat_line {
  gantry_str section;
  const gantry_str *seats;
  uint32_t seat_count; /* 0: `quantity` places */
  uint32_t quantity;
  uint32_t adjacent;   /* 1: next to each other in one row, or refuse */
  uint32_t reserved;
} gantry_seat_line;

typedef struct gantry_inventory {
  uint32_t size;
  void *self;

  /* Holds all lines for `reservation` until now + the event's hold_seconds, or refuses all.
   * answer  {"event_id", "title", "owner_id", "starts_at", "lines": [{"section", "seat", "tier",
   *         "unit_price": {"amount", "currency"}}], "total": {"amount", "currency"}, "expires_at",
   *         "payment_attempts_max", "refund_rules"}; one line per place, seat null in general admission
   * refusals 404 EVENT_NOT_FOUND SECTION_NOT_FOUND · 409 SALES_NOT_OPEN NO_PRICE_AVAILABLE SEAT_TAKEN
   *         INSUFFICIENT_INVENTORY SOLD_OUT · 410 EVENT_CANCELLED · 422 TOO_MANY_TICKETS SEAT_NOT_FOUND */
  gantry_rc (*hold)(void *self, gantry_handle unit, const gantry_uuid *event, const gantry_uuid *reservation,
                    const gantry_seat_line *lines, uint32_t count, gantry_time now, uint32_t *refused,
                    const gantry_sink *answer, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* Moves the time until which `reservation` holds its places in those sections. */
  gantry_rc (*extend)(void *self, gantry_handle unit, const gantry_uuid *event, const gantry_uuid *reservation,
                      const gantry_str *sections, uint32_t count, gantry_time until, uint32_t *refused,
                      const gantry_sink *answer, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* Sells what `reservation` holds. If its hold has gone, the same places are taken again when they are
   * free. refusals 410 RESERVATION_EXPIRED. answer is not written otherwise. */
  gantry_rc (*confirm)(void *self, gantry_handle unit, const gantry_uuid *event, const gantry_uuid *reservation,
                       const gantry_seat_line *lines, uint32_t count, gantry_time now, uint32_t *refused,
                       const gantry_sink *answer, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* Frees whatever `reservation` holds or has bought in those sections; nothing there is no error. */
  gantry_rc (*release)(void *self, gantry_handle unit, const gantry_uuid *event, const gantry_uuid *reservation,
                       const gantry_str *sections, uint32_t count, gantry_time now, uint32_t cause,
                       const gantry_sink *why) GANTRY_NOEXCEPT;
} gantry_inventory;

#ifdef __cplusplus
}
#endif
#endif
