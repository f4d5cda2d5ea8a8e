#include "tests/support/crowd.hpp"

#include <algorithm>
#include <thread>

#include "gantry/text.hpp"

namespace gantry::tests {

Crowd::Crowd(uint16_t port, History& history, CrowdOptions options)
    : history_(history), options_(options) {
  Shop shop(port);
  organizer_ = shop.log_in("organizer@example.com");
  const auto customers = static_cast<uint32_t>(options_.customers),
             wishes = static_cast<uint32_t>(options_.wishes);
  event_ = shop.open_event(
      organizer_,
      {{"Stalls", wishes / 4 + 1, customers / 2, 2500}, {"Floor", 0, customers * wishes, 1000}},
      join(R"({"hold_seconds":)", options_.hold_seconds,
           R"(,"refund_rules":[{"min_days_before":0,"percent":50}]})"));
  for (int i = 0; i < options_.customers; ++i) {
    tokens_.push_back(shop.log_in(join("buyer", i, "@example.com")));
    users_.push_back(JsonBody(shop.get(tokens_.back(), "/auth/session").body).text("user.id"));
  }
}

Crowd::Tally Crowd::trade(uint16_t port, int first, int last) {
  std::vector<Tally> tallies(tokens_.size());
  std::vector<std::thread> customers;
  for (int i = 0; i < options_.customers; ++i)
    customers.emplace_back([&, i] { visit(port, i, first, last, tallies[i]); });
  for (auto& customer : customers) customer.join();
  Tally sum;
  for (const Tally& one : tallies) {
    sum.good += one.good;
    sum.refused += one.refused;
    sum.later += one.later;
    sum.silent += one.silent;
  }
  return sum;
}

void Crowd::visit(uint16_t port, int customer, int first, int last, Tally& tally) {
  Shop shop(port);
  for (int wish = first; wish < last; ++wish) {
    if (!fulfil(shop, customer, wish, tally)) return;
  }
}

// False: there was no answer.
bool Crowd::fulfil(Shop& shop, int customer, int wish, Tally& tally) {
  const std::string& token = tokens_[customer];
  const std::string of = join(customer, "-", wish, "-aaaaaaaaaaaa");
  const std::string line =
      is_contested(wish) ? Shop::seat_line("Stalls", join("R", wish / 4 + 1, "-", customer / 2 + 1))
                         : Shop::quantity_line("Floor", 1);
  const Answer held = noted(shop.hold(token, "hold-" + of, event_, line), customer,
                            "/api/reservations", "hold-" + of, "reservation", tally);
  {
    const std::lock_guard lock(mutex_);
    holds_[{customer, wish}] = held.status;
  }
  if (held.status != 201 || wish % 4 == 3) return held.status != 0;
  const Answer paid = noted(shop.pay(token, "pay-" + of, JsonBody(held.body).text("id")), customer,
                            "/api/payments", "pay-" + of, "payment", tally);
  if (paid.status != 201 || wish % 4 != 2 || !options_.refunds) return paid.status != 0;
  const Answer refunded =
      noted(shop.refund(token, "refund-" + of, JsonBody(paid.body).text("id")), customer,
            "/api/payments/{id:uuid}/refund", "refund-" + of, "", tally);
  return refunded.status != 0;
}

Answer Crowd::noted(Answer answer, int customer, const std::string& route, const std::string& key,
                    const std::string& resource, Tally& tally) {
  history_.note({users_[customer], route, key}, answer, resource);
  const int family = answer.status / 100;
  ++(family == 0   ? tally.silent
     : family == 2 ? tally.good
     : family == 4 ? tally.refused
                   : tally.later);
  if (const std::string at = answer.header("gantry-position"); !at.empty()) {
    const std::lock_guard lock(mutex_);
    position_ = std::max<int64_t>(position_, std::stoll(at));
  }
  return answer;
}

int64_t Crowd::position() const {
  const std::lock_guard lock(mutex_);
  return position_;
}

std::string Crowd::complaint(int last) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [who, status] : holds_) {
    const auto [customer, wish] = who;
    if (wish >= last) continue;
    if (!is_contested(wish)) {
      if (status != 201)
        return join("wish ", wish, " of customer ", customer, ", with room for all, got ", status);
      continue;
    }
    const auto other = holds_.find({customer ^ 1, wish});
    if (other == holds_.end()) return join("nobody asked for customer ", customer ^ 1);
    if ((status == 201) + (other->second == 201) != 1)
      return join("the seat of wish ", wish, " of customers ", customer, " and ", customer ^ 1,
                  ": ", status, " and ", other->second);
  }
  return {};
}

}  // namespace gantry::tests
