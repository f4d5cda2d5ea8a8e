// Provider: whoever moves the money, as the settlement sees it; and what it may answer.
#pragma once
#include <cstdint>
#include <string>

#include "payment.hpp"

namespace gantry::payments {

struct Reply {
  enum class Kind {
    authorized,
    captured,
    declined,
    voided,
    refunded,
    unknown,      // no answer in time: the money may or may not have moved
    absent,       // the provider never heard of the key
    unavailable,  // the call was not tried
  };
  Kind kind = Kind::unknown;
  int64_t amount = 0;
  std::string reference, code, brand, last4;
};

// Every call carries our key; repeating it never moves money twice. Blocks, at most for the
// provider's time-out. [worker] [bus]
class Provider {
 public:
  virtual ~Provider() = default;
  virtual std::string name() = 0;
  virtual Reply authorize(const Uuid& key, const Money& amount, const Method& method) = 0;
  virtual Reply capture(const Uuid& key) = 0;
  virtual Reply cancel(const Uuid& key) = 0;
  virtual Reply refund(const Uuid& key, const Uuid& refund_key, int64_t amount) = 0;
  virtual Reply retrieve(const Uuid& key) = 0;
};

}  // namespace gantry::payments
