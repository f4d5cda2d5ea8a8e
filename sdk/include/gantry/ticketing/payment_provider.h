/* clang-format off */
/* gantry/ticketing/payment_provider.h - the port to whoever moves the money. Offered by a provider plugin as
 * service GANTRY_PAYMENT_PROVIDER_ID.
 *
 * A provider returns facts and never writes domain state. Every call carries our key: repeating a call
 * with the same key never moves money twice and answers with the first outcome. A time-out is
 * GANTRY_PAY_UNKNOWN: ask retrieve() with the same key, never guess. Never call it with a database
 * transaction open. [worker] [bus] */
#ifndef GANTRY_TICKETING_PAYMENT_PROVIDER_H
#define GANTRY_TICKETING_PAYMENT_PROVIDER_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_PAYMENT_PROVIDER_ID "gantry.payment_provider/1"

#define GANTRY_PAY_AUTHORIZED 1
#define GANTRY_PAY_CAPTURED 2
#define GANTRY_PAY_DECLINED 3  /* decline_code says why */
#define GANTRY_PAY_VOIDED 4
#define GANTRY_PAY_REFUNDED 5
#define GANTRY_PAY_UNKNOWN 6   /* no answer in time: the money may or may not have moved */
#define GANTRY_PAY_ABSENT 7    /* retrieve(): the provider never heard of this key */

typedef struct gantry_pay_outcome {
  uint32_t size;
  uint32_t outcome;         /* GANTRY_PAY_* */
  int64_t amount;           /* minor units that this call moved or found */
  char reference[64];       /* the provider's own id, NUL-terminated */
  char decline_code[32];    /* CARD_DECLINED INSUFFICIENT_FUNDS EXPIRED_CARD INCORRECT_CVC PROCESSING_ERROR */
  char brand[16];           /* "visa" */
  char last4[8];            /* "4242" */
} gantry_pay_outcome;

typedef struct gantry_payment_provider {
  uint32_t size;
  void *self;

  gantry_str (*name)(void *self) GANTRY_NOEXCEPT; /* "simulator" [any] */

  /* Reserves the amount on the customer's method. key: the payment's id.
   * GANTRY_UNAVAILABLE: not tried. */
  gantry_rc (*authorize)(void *self, gantry_str key, int64_t amount, gantry_str currency,
                         gantry_str method, gantry_str token, uint32_t deadline_ms,
                         gantry_pay_outcome *outcome, const gantry_sink *why) GANTRY_NOEXCEPT;
  /* Takes what was authorised under `key`. */
  gantry_rc (*capture)(void *self, gantry_str key, uint32_t deadline_ms, gantry_pay_outcome *outcome,
                       const gantry_sink *why) GANTRY_NOEXCEPT;
  /* Gives an authorisation back that was not captured. */
  gantry_rc (*cancel)(void *self, gantry_str key, uint32_t deadline_ms, gantry_pay_outcome *outcome,
                      const gantry_sink *why) GANTRY_NOEXCEPT;
  /* Sends `amount` of the capture under `key` back. refund_key: the refund's id. */
  gantry_rc (*refund)(void *self, gantry_str key, gantry_str refund_key, int64_t amount, uint32_t deadline_ms,
                      gantry_pay_outcome *outcome, const gantry_sink *why) GANTRY_NOEXCEPT;
  /* What the provider knows about a payment's or a refund's key. */
  gantry_rc (*retrieve)(void *self, gantry_str key, uint32_t deadline_ms, gantry_pay_outcome *outcome,
                        const gantry_sink *why) GANTRY_NOEXCEPT;
} gantry_payment_provider;

#ifdef __cplusplus
}
#endif
#endif
