#include "simulation.hpp"

#include "gantry/text.hpp"
#include "token.hpp"

namespace gantry::payments_simulator {
namespace {

using Answer = Decision::Answer;

Decision told(const Entry& entry) { return {Answer::entry, entry, false, false, 0}; }
Decision written(Entry entry) { return {Answer::entry, std::move(entry), true, false, 0}; }

Decision refused(Entry entry) {
  entry.outcome = Outcome::declined;
  entry.decline_code = "PROCESSING_ERROR";
  return written(std::move(entry));
}

// An entry that follows from the payment's authorisation.
Entry next_entry(const Entry& authorization, Kind kind, Outcome outcome, std::string_view prefix) {
  Entry entry = authorization;
  entry.kind = kind;
  entry.outcome = outcome;
  entry.reference = join(prefix, authorization.key);
  return entry;
}

Entry authorization_for(const AuthorizeCall& call, const Token& token) {
  const bool declined = token.kind == Token::Kind::declined || token.kind == Token::Kind::unknown;
  const bool card = call.method == "card";
  return {std::string(call.key),      Kind::authorize,
          std::string(call.key),      call.amount,
          std::string(call.currency), declined ? Outcome::declined : Outcome::authorized,
          std::string(token.code),    join("sim_auth_", call.key),
          card ? "visa" : "",         card ? std::string(token.last4) : ""};
}

// The authorisation of `key`, when money is reserved under it and was not given back.
const Entry* open_authorization(const Books& books, std::string_view key) {
  const Entry* authorization = books.find(Kind::authorize, key);
  if (!authorization || authorization->outcome != Outcome::authorized) return nullptr;
  const Entry* cancelled = books.find(Kind::cancel, key);
  return cancelled && cancelled->outcome == Outcome::voided ? nullptr : authorization;
}

bool is_captured(const Books& books, std::string_view key) {
  const Entry* captured = books.find(Kind::capture, key);
  return captured && captured->outcome == Outcome::captured;
}

}  // namespace

const Entry* Books::find(Kind kind, std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.kind == kind && entry.key == key) return &entry;
  }
  return nullptr;
}

int64_t Books::refunded() const {
  int64_t sum = 0;
  for (const Entry& entry : entries) {
    if (entry.outcome == Outcome::refunded) sum += entry.amount;
  }
  return sum;
}

Decision authorize(const Books& books, const AuthorizeCall& call) {
  if (const Entry* first = books.find(Kind::authorize, call.key)) return told(*first);
  const Token token = Token::parse(call.token);
  if (token.kind == Token::Kind::flaky && books.failures < token.number)
    return {Answer::unavailable, std::nullopt, false, true, 0};
  if (token.kind == Token::Kind::timeout_before_charge)
    return {Answer::no_answer, std::nullopt, false, false, 0};
  Decision decision = written(authorization_for(call, token));
  if (token.kind == Token::Kind::timeout_after_charge) decision.answer = Answer::no_answer;
  if (token.kind == Token::Kind::slow) decision.delay_ms = token.number;
  return decision;
}

Decision capture(const Books& books, std::string_view key) {
  if (const Entry* first = books.find(Kind::capture, key)) return told(*first);
  const Entry* authorization = open_authorization(books, key);
  if (authorization)
    return written(next_entry(*authorization, Kind::capture, Outcome::captured, "sim_cap_"));
  const Entry* declined = books.find(Kind::authorize, key);
  if (!declined) return {};
  return refused(next_entry(*declined, Kind::capture, Outcome::declined, "sim_cap_"));
}

Decision cancel(const Books& books, std::string_view key) {
  if (const Entry* first = books.find(Kind::cancel, key)) return told(*first);
  if (is_captured(books, key)) return told(*books.find(Kind::capture, key));
  const Entry* authorization = open_authorization(books, key);
  if (authorization)
    return written(next_entry(*authorization, Kind::cancel, Outcome::voided, "sim_void_"));
  const Entry* declined = books.find(Kind::authorize, key);
  return declined ? told(*declined) : Decision{};
}

Decision refund(const Books& books, const RefundCall& call) {
  if (const Entry* first = books.find(Kind::refund, call.refund_key)) return told(*first);
  const Entry* captured = books.find(Kind::capture, call.key);
  if (!captured) return {};
  Entry entry = next_entry(*captured, Kind::refund, Outcome::refunded, "");
  entry.key = call.refund_key;
  entry.amount = call.amount;
  entry.reference = join("sim_ref_", call.refund_key);
  const bool fits = captured->outcome == Outcome::captured && call.amount > 0 &&
                    call.amount <= captured->amount - books.refunded();
  return fits ? written(std::move(entry)) : refused(std::move(entry));
}

Decision retrieve(const Books& books, std::string_view key) {
  if (const Entry* entry = books.find(Kind::refund, key)) return told(*entry);
  for (const Kind kind : {Kind::capture, Kind::cancel}) {
    const Entry* entry = books.find(kind, key);
    if (entry && entry->outcome != Outcome::declined) return told(*entry);
  }
  const Entry* entry = books.find(Kind::authorize, key);
  return entry ? told(*entry) : Decision{};
}

}  // namespace gantry::payments_simulator
