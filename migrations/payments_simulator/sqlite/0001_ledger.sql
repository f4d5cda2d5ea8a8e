-- The simulated provider's own books. Rows are only ever added: one for each key and kind.

CREATE TABLE simulator_ledger (
  seq          INTEGER PRIMARY KEY,
  key          TEXT NOT NULL,     -- of the payment, or of the refund
  kind         TEXT NOT NULL CHECK (kind IN ('authorize', 'capture', 'cancel', 'refund')),
  payment_key  TEXT NOT NULL,     -- the payment it belongs to
  amount       INTEGER NOT NULL,  -- minor units
  currency     TEXT NOT NULL,
  outcome      TEXT NOT NULL CHECK (outcome IN ('authorized', 'captured', 'voided', 'refunded', 'declined')),
  decline_code TEXT NOT NULL,     -- empty unless declined
  reference    TEXT NOT NULL,
  brand        TEXT NOT NULL,
  last4        TEXT NOT NULL,
  at           INTEGER NOT NULL,  -- microseconds UTC
  UNIQUE (key, kind)
) STRICT;
CREATE INDEX simulator_ledger_payment ON simulator_ledger (payment_key);

-- How often tok_flaky_<n> has failed already.
CREATE TABLE simulator_failures (
  key   TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT;
