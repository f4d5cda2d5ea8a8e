#include "core/plugins/service_directory.hpp"

namespace gantry::plugins {

void ServiceDirectory::offer(const std::string& provider,
                             const std::vector<OfferedService>& services, Holders& holders) {
  const std::lock_guard lock(mutex_);
  for (const OfferedService& service : services)
    offers_[service.id] = Offer{provider, service.table, &holders};
}

void ServiceDirectory::withdraw(const std::string& provider) {
  const std::lock_guard lock(mutex_);
  std::erase_if(offers_, [&](const auto& offer) { return offer.second.provider == provider; });
}

ServiceLoan ServiceDirectory::acquire(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = offers_.find(id);
  if (found == offers_.end()) return {};
  found->second.holders->enter();  // under the lock: withdraw() cannot fall between the two
  return {found->second.table, found->second.holders};
}

}  // namespace gantry::plugins
