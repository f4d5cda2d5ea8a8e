// How money stays right when everything may stop at any point.
//
// One event is handled at a time per payment. Each handling looks at the payment's state, calls the
// provider with a key that is always the same (the payment's id, the refund's id), and commits one
// unit whose command id is made from (process, event id, step). So the same event handled again
// repeats the same calls, which move no money twice, and the same commands, which append nothing
// twice.
//
//   The server stops after …                   what is true then       what goes on with it
//   ----------------------------------------   --------------------- -----------------------------
//   payments.requested                         nothing reserved        the event comes again:
//                                                                      authorise
//   authorize() was sent, no answer yet        reserved, or not        again, same key: the
//                                                                      provider's first outcome
//   authorize() was answered, no commit        reserved                the same
//   authorized + reservation confirmed         seats sold, reserved    payments.authorized comes:
//                                                                      capture
//   declined + reservation told                failed                  nothing left to do
//   confirm was refused, before the unit       reserved                authorise again (same key),
//                                                                      confirm again; if the seats
//                                                                      are back meanwhile, good
//   voided                                     reserved, not taken     payments.voided comes:
//   cancel cancel() was sent                          released, or not        the same event:
//   cancel again capture() was sent or answered             taken, or not payments.authorized comes
//                                                                      again: capture, same key
//   captured                                   taken, booked           nothing left to do
//   outcome_unknown + timer                    reserved, or not        the durable timer fires: ask
//   the provider was not available: timer      nothing new             the durable timer fires
//   refund_requested                           nothing sent            the event comes again:
//   refund refund() was sent or answered              sent back, or not       again, same refund
//   key refunded (+ reservation cancelled)         sent back, booked       nothing left to do any
//   of these, before the client's answer   as above                a repeat of the request finds
//                                                                      the payment by its command
//                                                                      and waits for its outcome
//
// Voiding is decided before the provider is told: were it the other way round, a stop in between
// would leave a cancelled authorisation that looks like a good one, and seats might be sold for it.
// Only a payment that was never voided is captured, so the two exclude each other.
#include "settle_process.hpp"

#include "answers.hpp"
#include "gantry/abi/timers.h"
#include "problems.hpp"
#include "provider_steps.hpp"

namespace gantry::payments {
namespace {

using P = Payment;
using Kind = Reply::Kind;

constexpr std::string_view kResolveTimer = "resolve";
constexpr std::string_view kRefundTimer = "refund-";  // and the refund's id

class Settlement {
 public:
  Settlement(Desk& desk, Provider& provider, const StoredEvent& stored)
      : desk_(desk),
        provider_(provider),
        steps_(provider, desk.settings.provider_attempts_max),
        stored_(stored),
        payment_(Uuid::parse(stored.stream_id()).value()),
        causation_(stored.id().text()) {
    const JsonDocument meta(desk.host.json(), stored.meta());
    request_id_ = meta["request_id"].text_or("");
  }

  void handle() {
    const std::string_view type = stored_.type();
    if (type == "payments.requested.v1") return settle_payment(true);
    if (type == "payments.authorized.v1" || type == "payments.voided.v1")
      return settle_payment(false);
    const bool fired = type == GANTRY_TIMER_FIRED;
    if (!fired && type != "payments.refund_requested.v1") return;
    const JsonDocument data(desk_.host.json(), stored_.data());
    if (!fired) return settle_refund(data["refund_id"].uuid());
    attempt_ = data["payload"]["attempt"].integer_or(0);
    const std::string_view key = data["key"].text();
    if (key == kResolveTimer) return settle_payment(false);
    if (key.starts_with(kRefundTimer))
      settle_refund(Uuid::parse(key.substr(kRefundTimer.size())).value());
  }

 private:
  void settle_payment(bool is_first) {
    const P::State state = *desk_.payments.load(payment_.text()).state;
    switch (state.status) {
      case Status::processing:
        authorize(state, is_first && is_fresh(state)
                             ? steps_.authorize(payment_, state)
                             : steps_.resolve_authorization(payment_, state, is_fresh(state)));
        break;
      case Status::authorized:
        capture(state);
        break;
      case Status::unknown:
        if (is_first) break;  // the timer is set
        if (state.open_step == Step::capture)
          capture(state);
        else
          authorize(state, steps_.resolve_authorization(payment_, state, is_fresh(state)));
        break;
      case Status::voided:
        give_back();
        break;
      case Status::captured:
      case Status::failed:
        break;
    }
    answer_settled(desk_, payment_);
  }

  // Nobody waits for a payment that is older; it must not surprise its customer.
  bool is_fresh(const P::State& state) const {
    return desk_.host.now() - state.created_at < desk_.settings.authorize_again;
  }

  void authorize(const P::State& state, const Reply& reply) {
    if (reply.kind == Kind::authorized) return confirm(state, reply);
    if (reply.kind == Kind::declined) return decline(state, reply);
    lose_track(Step::authorize, reply);
  }

  // Money for seats, in one commit; without seats the money is not taken.
  void confirm(const P::State& state, const Reply& reply) {
    std::optional<RefusalJson> refusal;
    const std::string provider = provider_.name();
    commit("authorized", [&](Unit& unit) {
      const auto confirmed = ReservationsClient(desk_.host, unit).confirm(paid(state));
      refusal.reset();
      if (!confirmed) {
        refusal = confirmed.reason();
        return;
      }
      decide(unit, P::Authorize{provider, reply.reference, reply.brand, reply.last4, now()});
    });
    if (!refusal) return;
    const JsonDocument why(desk_.host.json(), refusal->text);
    const P::Void command{std::string(why["code"].text()), why["status"].integer(), now()};
    commit("voided", [&](Unit& unit) { decide(unit, command); });
  }

  void decline(const P::State& state, const Reply& reply) {
    commit("declined", [&](Unit& unit) {
      const auto told = ReservationsClient(desk_.host, unit).payment_declined(paid(state));
      int64_t attempts_left = 0;
      if (told) {
        const JsonDocument answer(desk_.host.json(), *told);
        attempts_left = answer["attempts_left"].integer();
      }
      decide(unit, P::Decline{Step::authorize, reply.code, attempts_left, now()});
    });
  }

  void capture(const P::State& state) {
    const Reply reply = steps_.capture(payment_);
    if (reply.kind == Kind::captured) {
      commit("captured", [&](Unit& unit) {
        decide(unit, P::Capture{reply.amount, reply.reference, now()});
      });
    } else if (reply.kind == Kind::declined) {
      take_seats_back(state, reply);
    } else {
      lose_track(Step::capture, reply);
    }
  }

  // The seats were sold for money that did not come.
  void take_seats_back(const P::State& state, const Reply& reply) {
    commit("capture_declined", [&](Unit& unit) {
      must(ReservationsClient(desk_.host, unit).refunded(paid(state)));
      decide(unit, P::Decline{Step::capture, reply.code, 0, now()});
    });
  }

  void give_back() {
    const Reply reply = steps_.give_back(payment_);
    if (reply.kind == Kind::unknown || reply.kind == Kind::unavailable)
      return try_later(kResolveTimer, [](Unit&) {});
    if (reply.kind != Kind::voided)
      desk_.host.write(Level::error, "payments.void_failed",
                       "The provider does not give a voided authorisation back",
                       {{"payment", payment_.text()}});
  }

  // Unknown: say so, once. In both cases the provider is asked again later, for ever.
  void lose_track(Step step, const Reply& reply) {
    const bool reached = reply.kind != Kind::unavailable;
    try_later(kResolveTimer, [&](Unit& unit) {
      if (reached) decide(unit, P::LoseTrack{step, now()});
    });
    if (reached) {
      desk_.host.write(Level::warn, "payments.outcome_unknown",
                       "The provider has not answered; it will be asked again",
                       {{"payment", payment_.text()}, {"step", name_of(step)}});
      return;
    }
    JsonWriter params;
    params.object().field("payment_id", payment_).end();
    answer_unsettled(desk_, payment_,
                     Response::problem(503, "PROVIDER_UNAVAILABLE",
                                       "the payment provider is not available; the payment goes on "
                                       "as soon as it is",
                                       params.text())
                         .header("Retry-After", "5"));
  }

  void settle_refund(const Uuid& id) {
    const P::State state = *desk_.payments.load(payment_.text()).state;
    const P::Refund* refund = state.find_refund(id);
    if (!refund || refund->status != RefundStatus::pending) return answer_settled(desk_, payment_);
    const Reply reply = steps_.refund(payment_, *refund);
    if (reply.kind == Kind::refunded) {
      complete_refund(state, id, reply);
    } else if (reply.kind == Kind::declined) {
      commit("refund_failed", [&](Unit& unit) {
        decide(unit, P::FailRefund{id, reply.code, now()});
      });
    } else {
      try_later(join(kRefundTimer, id.text()), [](Unit&) {});
    }
    answer_refund(desk_, payment_, id);
  }

  void complete_refund(const P::State& state, const Uuid& id, const Reply& reply) {
    commit("refunded", [&](Unit& unit) {
      const auto events = decide(unit, P::CompleteRefund{id, reply.reference, now()});
      for (const P::Event& event : events) {
        const auto* refunded = std::get_if<P::Refunded>(&event);
        if (refunded && refunded->all)
          must(ReservationsClient(desk_.host, unit).refunded(paid(state)));
      }
    });
  }

  template <class Stage>
  void try_later(std::string_view timer, Stage&& stage) {
    JsonWriter payload;
    payload.object().field("attempt", attempt_ + 1).end();
    commit("later", [&](Unit& unit) {
      stage(unit);
      unit.set_timer(stream_of(payment_), timer, now() + desk_.settings.resolve_delay(attempt_),
                     payload.text());
    });
  }

  // Decides again when a stream has moved on in between.
  template <class Stage>
  void commit(std::string_view step, Stage&& stage) {
    commit_unit(desk_.host, command_for(kSettleProcess, stored_.id(), step), cause(), stage);
  }

  // Nobody but this process settles a payment, so a refusal is a fault, seen as a stuck stream.
  std::vector<P::Event> decide(Unit& unit, const P::Command& command) {
    auto decided = desk_.payments.decide(unit, payment_.text(), command);
    if (!decided)
      throw Error(Code::kInternal,
                  join("payment ", payment_.text(),
                       " refuses what the provider has done: ", refusal_of(decided.reason()).code));
    return std::move(decided->events);
  }
  static void must(const ReservationsClient::Answer& answer) {
    if (!answer)
      throw Error(Code::kInternal, join("a reservation refuses: ", answer.reason().text));
  }

  PaidReservation paid(const P::State& state) const {
    return {state.terms.reservation_id, payment_, now()};
  }
  Instant now() const { return desk_.host.now(); }
  Cause cause() const { return {request_id_, kSettleProcess, causation_}; }

  Desk& desk_;
  Provider& provider_;
  ProviderSteps steps_;
  const StoredEvent& stored_;
  const Uuid payment_;
  const std::string causation_;
  std::string request_id_;  // of the request that led here, if one did
  int64_t attempt_ = 0;     // of the timer that fired; grows
};

}  // namespace

void settle(Desk& desk, Provider& provider, const StoredEvent& stored) {
  Settlement(desk, provider, stored).handle();
}

}  // namespace gantry::payments
