// Settings: the plugin's section of the configuration.
#pragma once
#include <algorithm>
#include <chrono>

#include "gantry/json.hpp"

namespace gantry::payments {

struct Settings {
  uint32_t provider_timeout_ms = 4000;
  int provider_attempts_max = 3;
  std::chrono::milliseconds resolve_delay_first{1000};
  std::chrono::milliseconds resolve_delay_max{300000};
  std::chrono::seconds authorize_again{120};
  size_t waiters_max = 10000;

  static Settings of(Json config) {
    Settings settings;
    settings.provider_timeout_ms = static_cast<uint32_t>(config["provider_timeout_ms"].integer());
    settings.provider_attempts_max = static_cast<int>(config["provider_attempts_max"].integer());
    settings.resolve_delay_first =
        std::chrono::milliseconds(config["resolve_delay_first_ms"].integer());
    settings.resolve_delay_max = std::chrono::seconds(config["resolve_delay_max_s"].integer());
    settings.authorize_again = std::chrono::seconds(config["authorize_again_s"].integer());
    settings.waiters_max = static_cast<size_t>(config["waiters_max"].integer());
    return settings;
  }

  // Before try number `attempt` (from 0) of asking the provider again: doubles, within bounds.
  std::chrono::milliseconds resolve_delay(int64_t attempt) const {
    auto delay = std::min(resolve_delay_first, resolve_delay_max);
    for (int64_t i = 0; i < attempt && delay < resolve_delay_max; ++i)
      delay = std::min(delay * 2, resolve_delay_max);
    return delay;
  }
};

}  // namespace gantry::payments
