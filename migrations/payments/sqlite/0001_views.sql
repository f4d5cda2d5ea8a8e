-- Read models of plugin payments, in the database "projections". Times are microseconds UTC, amounts
-- minor units of the payment's currency.

CREATE TABLE payments_view (
  id                 TEXT PRIMARY KEY,
  reservation_id     TEXT NOT NULL,
  customer_id        TEXT NOT NULL,
  amount             INTEGER NOT NULL,
  currency           TEXT NOT NULL,
  amount_refunded    INTEGER NOT NULL,  -- refunds that succeeded
  amount_committed   INTEGER NOT NULL,  -- and those under way
  state              TEXT NOT NULL,
  provider           TEXT NOT NULL,     -- empty until authorised, like the four below
  provider_reference TEXT NOT NULL,
  method_type        TEXT NOT NULL,
  brand              TEXT NOT NULL,
  last4              TEXT NOT NULL,
  failure_code       TEXT NOT NULL,     -- empty unless failed or voided
  attempts_left      INTEGER NOT NULL,
  created_at         INTEGER NOT NULL,
  version            INTEGER NOT NULL   -- of the stream: the ETag
) STRICT;
CREATE INDEX payments_view_newest ON payments_view (created_at DESC, id DESC);
CREATE INDEX payments_view_customer ON payments_view (customer_id, created_at DESC, id DESC);

CREATE TABLE refunds_view (
  id          TEXT PRIMARY KEY,
  payment_id  TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  amount      INTEGER NOT NULL,
  currency    TEXT NOT NULL,
  state       TEXT NOT NULL,
  reason      TEXT NOT NULL,
  created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX refunds_view_payment ON refunds_view (payment_id, created_at, id);

-- The key that signs page tokens; one row.
CREATE TABLE payments_page_key (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  page_key BLOB NOT NULL
) STRICT;
