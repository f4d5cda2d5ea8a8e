// SystemIds: identifiers and random bytes from OpenSSL's generator.
#pragma once
#include <array>
#include <mutex>

#include "core/base/clock.hpp"
#include "core/base/ids.hpp"

namespace gantry::runtime {

class SystemIds final : public base::Ids {
 public:
  explicit SystemIds(const base::Clock& clock) : clock_(clock) {}

  // Ascends from call to call within this process, also when the clock stands still or is set back:
  // RFC 9562 section 6.2, method 1, with rand_a as a 12-bit counter that begins below 2048.
  Uuid uuid7() override;

  //   throws  Internal  the generator failed (no entropy)
  void random(std::span<std::byte> out) override;

 private:
  uint64_t random_bits();  // with mutex_ held

  const base::Clock& clock_;
  std::mutex mutex_;
  uint64_t last_ = 0;                // milliseconds << 12 | counter
  std::array<std::byte, 512> pool_;  // random bytes drawn ahead
  size_t used_ = 512;
};

}  // namespace gantry::runtime
