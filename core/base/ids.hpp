// Ids: the port for new identifiers and random bytes. core/runtime has the only real one.
#pragma once
#include <cstddef>
#include <span>

#include "gantry/uuid.hpp"

namespace gantry::base {

class Ids {
 public:
  virtual ~Ids() = default;
  virtual Uuid uuid7() = 0;                           // RFC 9562, time-ordered [any]
  virtual void random(std::span<std::byte> out) = 0;  // cryptographically secure [any]
};

}  // namespace gantry::base
