#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {
namespace {
gantry_rc acquire(void* self, gantry_str id, const void** table, gantry_handle* lease,
                  const gantry_sink* why) noexcept {
  return call(self, why, "services.acquire", [&](Context& context) -> gantry_rc {
    const ServiceLoan loan = context.ports().services.acquire(view(id));
    if (!loan.table)
      return refuse(why, GANTRY_UNAVAILABLE, join("no plugin offers ", view(id), " now"));
    *lease = context.leases.add(std::make_shared<ServiceLoan>(loan));
    if (*lease == 0) {
      loan.holders->leave();
      return refuse(why, GANTRY_EXHAUSTED, "too many services are on loan; release() them");
    }
    *table = loan.table;
    return GANTRY_OK;
  });
}

void release(void* self, gantry_handle lease) noexcept {
  run(self, "services.release", [&](Context& context) {
    if (const auto loan = context.leases.take(lease)) loan->holders->leave();
  });
}
}  // namespace

gantry_services services_table(Context& context) {
  return {sizeof(gantry_services), &context, acquire, release};
}

}  // namespace gantry::plugins
