// Steps with the provider: calls that do not stop at "no answer" but ask what has happened, and
// call again, with the same key, only what the provider says has not happened. No state, no log.
//
// Their replies are facts: authorized, captured, declined, voided, refunded; or there is none yet:
// unknown (the provider may have acted), unavailable (it was never reached).
#pragma once
#include "provider.hpp"

namespace gantry::payments {

class ProviderSteps {
 public:
  // attempts_max: calls of one kind within one step
  ProviderSteps(Provider& provider, int attempts_max)
      : provider_(provider), attempts_max_(attempts_max) {}

  // The first try of a new payment.
  Reply authorize(const Uuid& payment, const Payment::State& state);
  // A later one: asks first. Authorises again only while `again`; otherwise a payment that the
  // provider does not know is given up there too, and then counts as declined.
  Reply resolve_authorization(const Uuid& payment, const Payment::State& state, bool again);
  Reply capture(const Uuid& payment);
  // Gives an authorisation back; voided when no money is reserved any more.
  Reply give_back(const Uuid& payment);
  Reply refund(const Uuid& payment, const Payment::Refund& refund);

 private:
  template <class Call>
  Reply call_and_ask(const Uuid& asked, Reply::Kind not_done, Call&& call);

  Provider& provider_;
  int attempts_max_;
};

}  // namespace gantry::payments
