// ProviderClient: Provider over the service gantry.payment_provider/1.
#pragma once
#include "gantry/host.hpp"
#include "gantry/ticketing/payment_provider.h"
#include "provider.hpp"

namespace gantry::payments {

// Borrows the service anew for each call, so that its owner can be swapped in between. Nobody
// offering it is "unavailable", like a provider that cannot be reached.
class ProviderClient final : public Provider {
 public:
  ProviderClient(const Host& host, uint32_t timeout_ms) : host_(host), timeout_ms_(timeout_ms) {}

  std::string name() override;
  Reply authorize(const Uuid& key, const Money& amount, const Method& method) override;
  Reply capture(const Uuid& key) override;
  Reply cancel(const Uuid& key) override;
  Reply refund(const Uuid& key, const Uuid& refund_key, int64_t amount) override;
  Reply retrieve(const Uuid& key) override;

 private:
  template <class Call>
  Reply call(std::string_view what, const Uuid& key, Call&& call);

  const Host& host_;
  uint32_t timeout_ms_;
};

}  // namespace gantry::payments
