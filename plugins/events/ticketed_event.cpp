#include "ticketed_event.hpp"

namespace gantry::events {
namespace {

using T = TicketedEvent;
using Decision = Result<std::vector<T::Event>, T::Rejection>;

Decision refuse(T::Rejection reason) { return Refused<T::Rejection>{std::move(reason)}; }

// Why `by` cannot go on from here; nullopt when it can.
std::optional<T::Rejection> refusal(const T::State& state, const Actor& by,
                                    std::initializer_list<Status> from,
                                    std::string_view attempted) {
  if (!state.exists) return T::NotFound{};
  if (!by.admin && by.user != state.owner_id) return T::NotTheOwner{};
  for (const Status status : from) {
    if (state.status == status) return std::nullopt;
  }
  return T::WrongState{state.status, std::string(attempted)};
}

Decision decide_one(const T::State& state, const T::Create& create) {
  if (state.exists) return refuse(T::AlreadyExists{});
  auto faults = faults_in(create.details, create.now);
  if (!faults.empty()) return refuse(T::Invalid{std::move(faults)});
  return std::vector<T::Event>{T::Created{create.id, create.owner_id, create.details, create.now}};
}

Decision decide_one(const T::State& state, const T::Publish& publish) {
  if (auto no = refusal(state, publish.by, {Status::draft}, "publish")) return refuse(*no);
  return std::vector<T::Event>{T::Published{publish.now}};
}

Decision decide_one(const T::State& state, const T::OpenSales& open) {
  if (auto no = refusal(state, open.by, {Status::published, Status::sales_closed}, "sales/open"))
    return refuse(*no);
  return std::vector<T::Event>{T::SalesOpened{open.now}};
}

Decision decide_one(const T::State& state, const T::CloseSales& close) {
  if (auto no = refusal(state, close.by, {Status::sales_open}, "sales/close")) return refuse(*no);
  return std::vector<T::Event>{T::SalesClosed{close.now}};
}

void apply(T::State& state, const T::Created& e) {
  state.exists = true;
  state.id = e.id;
  state.owner_id = e.owner_id;
  state.details = e.details;
  state.status = Status::draft;
  state.created_at = state.updated_at = e.at;
}
void enter(T::State& state, Status status, Instant at) {
  state.status = status;
  state.updated_at = at;
}
void apply(T::State& state, const T::Published& e) { enter(state, Status::published, e.at); }
void apply(T::State& state, const T::SalesOpened& e) { enter(state, Status::sales_open, e.at); }
void apply(T::State& state, const T::SalesClosed& e) { enter(state, Status::sales_closed, e.at); }

constexpr std::string_view kStatusNames[] = {
    "draft", "published", "sales_open", "sales_closed", "completed", "cancelling", "cancelled"};

}  // namespace

std::string_view name_of(Status status) { return kStatusNames[static_cast<size_t>(status)]; }

std::optional<Status> status_from(std::string_view name) {
  for (size_t i = 0; i < std::size(kStatusNames); ++i) {
    if (kStatusNames[i] == name) return static_cast<Status>(i);
  }
  return std::nullopt;
}

Result<std::vector<TicketedEvent::Event>, TicketedEvent::Rejection> TicketedEvent::decide(
    const State& state, const Command& command) {
  return std::visit([&](const auto& one) { return decide_one(state, one); }, command);
}

void TicketedEvent::evolve(State& state, const Event& event) {
  std::visit([&](const auto& one) { apply(state, one); }, event);
}

std::optional<SaleRefusal> refuses_sale(const TicketedEvent::State& state, uint32_t places,
                                        Instant now) {
  if (!state.exists) return SaleRefusal::not_found;
  if (state.status == Status::cancelling || state.status == Status::cancelled)
    return SaleRefusal::cancelled;
  if (state.status != Status::sales_open || now >= state.details.starts_at)
    return SaleRefusal::not_open;
  if (places > state.details.policies.max_tickets_per_reservation) return SaleRefusal::too_many;
  return std::nullopt;
}

}  // namespace gantry::events
