// The mutation "refund_twice" of core/runtime/mutation.hpp. Its guard, the refund's own key at the
// provider, stands in this plugin, and a plugin sees no more of the host than the SDK; so builds of
// the preset "mutation" look at GANTRY_MUTATE here themselves, after the host has checked it.
#pragma once
#ifdef GANTRY_MUTATIONS
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string_view>

#include "gantry/text.hpp"
#endif

#include "gantry/uuid.hpp"

namespace gantry::payments {

// The key under which a refund is sent to the provider: always the refund's own.
inline Uuid refund_key(const Uuid& refund) {
#ifdef GANTRY_MUTATIONS
  const char* const taken = std::getenv("GANTRY_MUTATE");
  if (taken != nullptr && std::string_view(taken).find("refund_twice") != std::string_view::npos) {
    static std::atomic<int> calls{0};
    return uuid5(refund, join(::getpid(), ':', ++calls));
  }
#endif
  return refund;
}

}  // namespace gantry::payments
