// ServiceDirectory: which plugin offers which service now, and who is inside.
#pragma once
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugins/holders.hpp"

namespace gantry::plugins {

struct OfferedService {
  std::string id;  // "gantry.payment_provider/1"
  const void* table = nullptr;
};

// A service on loan: give it back with holders->leave().
struct ServiceLoan {
  const void* table = nullptr;
  Holders* holders = nullptr;  // of the provider; lives as long as the server
};

// All members [any].
class ServiceDirectory {
 public:
  // `holders` counts the borrowers; an id that is taken goes to the new provider.
  void offer(const std::string& provider, const std::vector<OfferedService>& services,
             Holders& holders);
  // From now on nobody gets a table of this provider; those on loan stay good.
  void withdraw(const std::string& provider);
  // table is null when nobody offers it now.
  ServiceLoan acquire(std::string_view id);

 private:
  struct Offer {
    std::string provider;
    const void* table = nullptr;
    Holders* holders = nullptr;
  };
  std::mutex mutex_;
  std::map<std::string, Offer, std::less<>> offers_;
};

}  // namespace gantry::plugins
