#include "answers.hpp"

#include <optional>

#include "payment_json.hpp"

namespace gantry::payments {
namespace {

constexpr int64_t kElsewhereNs = 250'000'000;  // here, settling is quicker than that …
constexpr size_t kElsewhereMax = 200;          // … and so many are looked at at once
constexpr int kNotStored = 500;  // from here on an answer is no outcome: a repeat asks again

// Completes the record of the Idempotency-Key, which began with the first unit of the request. What
// was decided is committed already, so a failure here costs only the record: a repeat finds the
// payment by its command and is answered from its state. False: another server, where the same
// request waits too, was first.
bool store(const Host& host, const Waiter& waiter) {
  try {
    Unit unit(host, uuid5(waiter.command, "answer"), {waiter.request_id, waiter.user, {}});
    unit.store_answer(waiter.pending.exchange());
    unit.commit();
  } catch (const Conflict&) {
    return false;
  } catch (const Error& error) {
    host.write(Level::warn, "payments.answer_not_stored",
               "An answer was given without being stored under its Idempotency-Key",
               {{"request_id", waiter.request_id}, {"reason", error.detail()}});
  }
  return true;
}

// An outcome says where the log stands: at or behind the last event of what was settled, so that
// readers who wait for it see all of that. Not part of what is stored; the record has a position of
// its own.
void tell(const Host& host, std::vector<Waiter> waiters, const Response& response) {
  for (Waiter& waiter : waiters) {
    Response answer = response;
    if (!waiter.pending.stage(answer)) continue;  // the client has gone
    if (answer.status() < kNotStored) {
      if (!store(host, waiter)) {
        waiter.pending.again();
        continue;
      }
      answer.position(host.log().head(host.log().self));
      if (!waiter.pending.stage(answer)) continue;
    }
    waiter.pending.send();
  }
}

}  // namespace

Response wait_for(Desk& desk, Context& context, const Request& request, const Uuid& payment,
                  const Uuid& subject, Waiters::Place place) {
  Waiter waiter{context.defer(), payment, request.command(), std::string(request.request_id()),
                std::string(request.user())};
  desk.waiters.add(subject, std::move(waiter), std::move(place), desk.host.monotonic_ns());
  try {
    answer_settled(desk, payment);
  } catch (const Error& error) {  // the process will answer; here it is only about being early
    desk.host.write(Level::warn, "payments.state_not_read", "A payment could not be looked at",
                    {{"payment", payment.text()}, {"reason", error.detail()}});
  }
  return Response::later();
}

void answer_settled(Desk& desk, const Uuid& payment) {
  const auto loaded = desk.payments.load(payment.text());
  if (desk.waiters.has(payment)) {
    const auto answer = answer_of(payment, *loaded.state, loaded.version);
    if (answer) tell(desk.host, desk.waiters.take(payment), *answer);
  }
  for (const Payment::Refund& refund : loaded.state->refunds) {
    if (refund.status != RefundStatus::pending && desk.waiters.has(refund.id))
      tell(desk.host, desk.waiters.take(refund.id), answer_of(payment, *loaded.state, refund));
  }
}

void answer_settled_elsewhere(Desk& desk) {
  const int64_t since_ns = desk.host.monotonic_ns() - kElsewhereNs;
  std::optional<Error> first;  // one that cannot be read keeps no answer from the others
  for (const Uuid& payment : desk.waiters.next_since(since_ns, kElsewhereMax)) {
    try {
      answer_settled(desk, payment);
    } catch (const Error& error) {
      if (!first) first = error;
    }
  }
  if (first) throw Error(*first);
}

void answer_refund(Desk& desk, const Uuid& payment, const Uuid& refund_id) {
  if (!desk.waiters.has(refund_id)) return;
  const auto loaded = desk.payments.load(payment.text());
  if (const auto* refund = loaded.state->find_refund(refund_id))
    tell(desk.host, desk.waiters.take(refund_id), answer_of(payment, *loaded.state, *refund));
}

void answer_unsettled(Desk& desk, const Uuid& payment, const Response& response) {
  tell(desk.host, desk.waiters.take(payment), response);
}

}  // namespace gantry::payments
