#include "routes.hpp"

#include "answers.hpp"
#include "payment_view.hpp"
#include "problems.hpp"

namespace gantry::payments {
namespace {

// What an earlier attempt of the same request has begun.
struct Begun {
  Uuid payment;
  std::optional<Uuid> refund;
};

// The payment's event is not the first of its unit: the reservation's and the inventory's may come
// before it.
std::optional<Begun> begun_by(const Host& host, const Uuid& command) {
  const auto& log = host.log();
  for (int n = 0;; ++n) {
    struct Found {
      const Host& host;
      std::optional<Begun> begun;
    } found{host, {}};
    const gantry_uuid id = uuid5(command, to_text(n)).raw();
    TextSink why;
    const gantry_rc rc = log.find(
        log.self, &id, &found,
        [](void* state, const gantry_event* raw) -> uint32_t {
          auto& out = *static_cast<Found*>(state);
          const StoredEvent stored(*raw);
          guarded(nullptr, [&] {
            if (!stored.type().starts_with("payments.")) return;
            const JsonDocument data(out.host.json(), stored.data());
            out.begun.emplace();
            out.begun->payment = Uuid::parse(stored.stream_id()).value();
            if (data["refund_id"]) out.begun->refund = data["refund_id"].uuid();
          });
          return 0;
        },
        why.abi());
    if (rc == GANTRY_NOT_FOUND) return std::nullopt;
    check(rc, why);
    if (found.begun) return found.begun;
  }
}

Payment::Request request_from(Json answer, const Request& request, Instant now) {
  const Json body = request.json();
  return {std::string(request.user()),
          {body["reservation_id"].uuid(), answer["event_id"].uuid(),
           std::string(answer["owner_id"].text()), answer["starts_at"].instant(),
           ticketing::refund_rules_from(answer["refund_rules"])},
          ticketing::money_from(answer["total"]),
          {std::string(body["method"]["type"].text()), std::string(body["method"]["token"].text())},
          now};
}

// The customer within the policy, which the aggregate knows; so do the owner of the event and an
// admin.
bool may_refund(const Request& request, const Payment::State& payment) {
  return request.user() == payment.customer_id || request.user() == payment.terms.event_owner_id ||
         request.has_role("admin");
}

bool may_see(const Request& request, std::string_view customer) {
  return request.user() == customer || request.has_role("admin");
}

PaymentView visible_payment(Desk& desk, const Request& request) {
  auto found = find_payment(desk.host, request.param_uuid(0));
  if (!found) throw payment_not_found();
  if (!may_see(request, found->customer_id)) throw forbidden();
  return *std::move(found);
}

std::string state_filter(const Request& request) {
  std::string state = request.query("state").value_or("");
  if (!state.empty() && !status_from(state))
    throw Problem(Response::invalid_query("state", "NOT_ALLOWED", "there is no such state"));
  return state;
}

// Only cursors that we signed come here.
PaymentCursor cursor_from(const std::string& text) {
  const size_t space = text.find(' ');
  return {Instant(std::stoll(text.substr(0, space))), text.substr(space + 1)};
}
std::string cursor_of(const PaymentView& view) { return join(view.created_at.us(), ' ', view.id); }

Response page_of(Desk& desk, const Request& request, const PaymentFilter& filter) {
  JsonWriter scope_json;
  scope_json.array().value("payments").value(filter.state).value(filter.customer).end();
  const std::string scope = std::move(scope_json).text();
  const Page page = Page::of(request, desk.page_tokens, scope);
  std::optional<PaymentCursor> after;
  if (!page.cursor.empty()) after = cursor_from(page.cursor);
  const auto rows = list_payments(desk.host, filter, after, page.size + 1);
  const bool more = rows.size() > page.size;
  const size_t shown = more ? page.size : rows.size();
  JsonWriter json;
  json.object().array("items");
  for (size_t i = 0; i < shown; ++i) json.raw(to_json(rows[i]));
  json.end().field("next_page_token",
                   more ? desk.page_tokens.seal(scope, cursor_of(rows[shown - 1])) : std::string());
  return Response::ok(std::move(json.end()).text());
}

Response begin_payment(Desk& desk, Context& context, const Request& request, const Uuid& payment) {
  const Uuid reservation = request.json()["reservation_id"].uuid();
  return context.transact_wait([&](Unit& unit) {
    const PaidReservation paid{reservation, payment, context.now()};
    const auto begun = ReservationsClient(desk.host, unit).begin_payment(paid, request.user());
    if (!begun) return problem_of(desk.host, begun.reason());
    const JsonDocument answer(desk.host.json(), *begun);
    const auto decided =
        desk.payments.decide(unit, payment.text(), request_from(answer.root(), request, paid.now));
    if (!decided) throw refusal_of(decided.reason()).problem();
    return Response::later();
  });
}

Response begin_refund(Desk& desk, Context& context, const Request& request,
                      const Payment::RequestRefund& asked) {
  const std::string payment = request.param_uuid(0).text();
  return context.transact_wait([&](Unit& unit) {
    const auto found = desk.payments.look(unit, payment);
    if (!found.exists()) throw payment_not_found();
    if (!may_refund(request, *found.state)) throw forbidden();
    const auto decided = desk.payments.decide(unit, payment, asked);
    if (!decided) return refusal_of(decided.reason()).response();
    return Response::later();
  });
}

}  // namespace

Response pay(Desk& desk, Context& context, const Request& request) {
  auto place = desk.waiters.reserve(desk.host.monotonic_ns());
  Uuid payment = context.new_id();
  if (const auto begun = begun_by(desk.host, request.command())) {
    payment = begun->payment;
    const Uuid reservation = request.json()["reservation_id"].uuid();
    if (desk.payments.load(payment.text()).state->terms.reservation_id != reservation)
      throw Problem(409, "IDEMPOTENCY_KEY_EXPIRED",
                    "this key was used for the payment of another reservation, longer ago than "
                    "answers are kept");
  } else {
    const Response response = begin_payment(desk, context, request, payment);
    if (!response.is_later()) return response;
  }
  return wait_for(desk, context, request, payment, payment, std::move(place));
}

Response refund(Desk& desk, Context& context, const Request& request) {
  auto place = desk.waiters.reserve(desk.host.monotonic_ns());
  const Uuid payment = request.param_uuid(0);
  const Json body = request.json(), amount = body["amount"];
  Payment::RequestRefund asked{
      context.new_id(), amount ? std::optional(ticketing::money_from(amount)) : std::nullopt,
      std::string(body["reason"].text()), std::string(request.user()), context.now()};
  const auto begun = begun_by(desk.host, request.command());
  if (begun && begun->payment != payment)
    throw Problem(422, "IDEMPOTENCY_KEY_REUSED", "this key was used for another payment");
  if (begun && begun->refund) {
    asked.refund_id = *begun->refund;
  } else {
    const Response response = begin_refund(desk, context, request, asked);
    if (!response.is_later()) return response;
  }
  return wait_for(desk, context, request, payment, asked.refund_id, std::move(place));
}

Response show_payment(Desk& desk, Context&, const Request& request) {
  const PaymentView view = visible_payment(desk, request);
  Response response = Response::ok(to_json(view));
  return response.etag(view.version);
}

Response list_payments(Desk& desk, Context&, const Request& request) {
  PaymentFilter filter{state_filter(request), {}};
  if (!request.has_role("admin")) filter.customer = request.user();
  return page_of(desk, request, filter);
}

Response list_user_payments(Desk& desk, Context&, const Request& request) {
  const std::string customer = request.param_uuid(0).text();
  if (!may_see(request, customer)) throw forbidden();
  return page_of(desk, request, {state_filter(request), customer});
}

Response show_refund(Desk& desk, Context&, const Request& request) {
  const auto view = find_refund(desk.host, request.param_uuid(0));
  if (!view) throw refund_not_found();
  if (!may_see(request, view->customer_id)) throw forbidden();
  return Response::ok(to_json(*view));
}

Response list_refunds(Desk& desk, Context&, const Request& request) {
  visible_payment(desk, request);
  JsonWriter json;
  json.object().array("items");
  for (const RefundView& view : refunds_of(desk.host, request.param_uuid(0)))
    json.raw(to_json(view));
  json.end().field("next_page_token", "");
  return Response::ok(std::move(json.end()).text());
}

}  // namespace gantry::payments
