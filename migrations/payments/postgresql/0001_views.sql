-- Read models of plugin payments, in the database "projections". Times are microseconds UTC, amounts
-- minor units of the payment's currency.
-- COLLATE "C": ordered by bytes, as everywhere.

CREATE TABLE payments_view (
  id                 text COLLATE "C" PRIMARY KEY,
  reservation_id     text COLLATE "C" NOT NULL,
  customer_id        text COLLATE "C" NOT NULL,
  amount             bigint NOT NULL,
  currency           text COLLATE "C" NOT NULL,
  amount_refunded    bigint NOT NULL,            -- refunds that succeeded
  amount_committed   bigint NOT NULL,            -- and those under way
  state              text COLLATE "C" NOT NULL,
  provider           text COLLATE "C" NOT NULL,  -- empty until authorised, like the four below
  provider_reference text COLLATE "C" NOT NULL,
  method_type        text COLLATE "C" NOT NULL,
  brand              text COLLATE "C" NOT NULL,
  last4              text COLLATE "C" NOT NULL,
  failure_code       text COLLATE "C" NOT NULL,  -- empty unless failed or voided
  attempts_left      bigint NOT NULL,
  created_at         bigint NOT NULL,
  version            bigint NOT NULL             -- of the stream: the ETag
);
CREATE INDEX payments_view_newest ON payments_view (created_at DESC, id DESC);
CREATE INDEX payments_view_customer ON payments_view (customer_id, created_at DESC, id DESC);

CREATE TABLE refunds_view (
  id          text COLLATE "C" PRIMARY KEY,
  payment_id  text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  amount      bigint NOT NULL,
  currency    text COLLATE "C" NOT NULL,
  state       text COLLATE "C" NOT NULL,
  reason      text COLLATE "C" NOT NULL,
  created_at  bigint NOT NULL
);
CREATE INDEX refunds_view_payment ON refunds_view (payment_id, created_at, id);

-- The key that signs page tokens; one row.
CREATE TABLE payments_page_key (
  id       bigint PRIMARY KEY CHECK (id = 1),
  page_key bytea NOT NULL
);
