/* clang-format off */
/* gantry/ticketing/reservations.h - what a payment needs of the reservation it pays. Offered by plugin
 * `reservations` as service GANTRY_RESERVATIONS_ID. Same rules as inventory.h: everything is added to the
 * caller's unit; a business refusal is GANTRY_OK with *refused = 1 and a problem in `answer`. [worker] [bus] */
#ifndef GANTRY_TICKETING_RESERVATIONS_H
#define GANTRY_TICKETING_RESERVATIONS_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_RESERVATIONS_ID "gantry.ticketing.reservations/1"

typedef struct gantry_reservations {
  uint32_t size;
  void *self;

  /* `customer` starts paying with `payment`: held → paying. The first time it extends the hold by 120 s.
   * answer  {"event_id", "owner_id", "title", "starts_at", "total": {"amount", "currency"},
   *         "refund_rules": [{"min_days_before", "percent"}], "attempts_left"}
   * refusals 404 RESERVATION_NOT_FOUND · 403 FORBIDDEN · 409 ALREADY_PAID PAYMENT_IN_PROGRESS · 410 RESERVATION_EXPIRED ·
   *         422 INVALID_STATE_TRANSITION */
  gantry_rc (*begin_payment)(void *self, gantry_handle unit, const gantry_uuid *reservation,
                             const gantry_uuid *payment, gantry_str customer, gantry_time now,
                             uint32_t *refused, const gantry_sink *answer, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* The provider said no: paying → held, or → failed (seats free) when no attempt is left.
   * answer {"attempts_left"} */
  gantry_rc (*payment_declined)(void *self, gantry_handle unit, const gantry_uuid *reservation,
                                const gantry_uuid *payment, gantry_time now, uint32_t *refused,
                                const gantry_sink *answer, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* The provider said yes: the seats become sold, tickets are issued, → confirmed. Late (expired or
   * failed meanwhile): the same seats are taken again when they are free; not when it was cancelled.
   * answer {"ticket_ids"}; refusals 410 RESERVATION_EXPIRED · 409 ALREADY_PAID (by another payment) */
  gantry_rc (*confirm)(void *self, gantry_handle unit, const gantry_uuid *reservation,
                       const gantry_uuid *payment, gantry_time now, uint32_t *refused,
                       const gantry_sink *answer, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* All money has gone back: confirmed → cancelled, sold seats are free, tickets void. Repeated: nothing. */
  gantry_rc (*refunded)(void *self, gantry_handle unit, const gantry_uuid *reservation,
                        const gantry_uuid *payment, gantry_time now, uint32_t *refused,
                        const gantry_sink *answer, const gantry_sink *why) GANTRY_NOEXCEPT;
} gantry_reservations;

#ifdef __cplusplus
}
#endif
#endif
