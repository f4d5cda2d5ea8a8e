#include "core/verify/seats.hpp"

#include <charconv>

#include "core/verify/time_text.hpp"

namespace gantry::verify {
namespace {

constexpr std::string_view kCategory = "inventory";

int64_t quantity_of(Json data) { return data["quantity"].integer_or(0); }

}  // namespace

Seats::Seats(Database* projections, Report& report)
    : report_(report), view_(projections, report, "events.availability", "section_availability") {}

void Seats::see(const Event& event, Json data) {
  if (view_.is_due(event.position)) compare();
  if (!event.is_of(kCategory) || event.is_hosts_own()) return;
  ++seen_;
  Section& section = sections_[std::string(event.stream_key(kCategory))];
  section.version = event.version;
  const Uuid by = Uuid::from_text(data["reservation_id"].text()).value_or(Uuid());
  const Step step{event, section, by, data};
  if (event.type == "events.inventory_opened.v1") return open(step);
  if (section.kind.empty()) return broken(step, "comes before the section was opened");
  if (event.type == "events.inventory_held.v1")
    hold(step);
  else if (event.type == "events.inventory_confirmed.v1")
    confirm(step);
  else if (event.type == "events.inventory_released.v1")
    release(step);
  else if (event.type == "events.inventory_extended.v1")
    extend(step);
  else
    broken(step, "is of an unknown type, " + std::string(event.type));
  check_counts(step);
}

void Seats::open(const Step& step) {
  if (!step.section.kind.empty()) return broken(step, "opens the section again");
  step.section.kind = step.data["kind"].text();
  step.section.capacity = step.data["capacity"].integer_or(0);
  step.data["rows"].each(
      [&](Json row) { step.section.rows.emplace(row["row"].text(), row["seats"].integer_or(0)); });
}

void Seats::hold(const Step& step) {
  const int64_t quantity = quantity_of(step.data);
  const auto [at, fresh] =
      step.section.claims.emplace(step.by, Claim{false, static_cast<uint32_t>(quantity),
                                                 time_in(step.data["until"].text()).value_or(0)});
  if (!fresh) return broken(step, step.by.text() + " holds places here already");
  step.section.held += quantity;
  int64_t seats = 0;
  step.data["seats"].each([&](Json one) {
    ++seats;
    const std::string seat(one.text());
    if (!has_seat(step.section, seat)) broken(step, "there is no seat " + seat);
    const auto [owner, free] = step.section.owners.emplace(seat, step.by);
    if (free) return;
    broken(step, "seat " + seat + " goes to " + step.by.text() + " while " + owner->second.text() +
                     " has it");
    owner->second = step.by;
  });
  const bool numbered = step.section.kind == "numbered";
  if (quantity <= 0 || (numbered ? seats != quantity : seats != 0))
    broken(step, "holds " + std::to_string(quantity) + " places and names " +
                     std::to_string(seats) + " seats");
}

void Seats::extend(const Step& step) {
  const auto at = step.section.claims.find(step.by);
  if (at == step.section.claims.end() || at->second.sold)
    return broken(step, "extends a hold that is not there");
  at->second.until = time_in(step.data["until"].text()).value_or(at->second.until);
}

void Seats::confirm(const Step& step) {
  const auto at = step.section.claims.find(step.by);
  if (at == step.section.claims.end() || at->second.sold)
    return broken(step, "sells places that " + step.by.text() + " does not hold");
  if (!owns_named_seats(step, at->second))
    broken(step, "sells other places than " + step.by.text() + " holds");
  at->second.sold = true;
  step.section.held -= at->second.quantity;
  step.section.sold += at->second.quantity;
}

void Seats::release(const Step& step) {
  const auto at = step.section.claims.find(step.by);
  if (at == step.section.claims.end())
    return broken(step, "releases places that " + step.by.text() + " does not have");
  const Claim claim = at->second;
  if (!owns_named_seats(step, claim))
    broken(step, "releases other places than " + step.by.text() + " has");
  if ((step.data["from"].text() == "sold") != claim.sold)
    broken(step,
           std::string("releases places as ") + (claim.sold ? "held" : "sold") + " that are not");
  if (step.data["cause"].text() == "expired" && !claim.sold &&
      time_in(step.data["at"].text()).value_or(claim.until) < claim.until)
    broken(step, "takes places from " + step.by.text() + " before its hold has ended");
  (claim.sold ? step.section.sold : step.section.held) -= claim.quantity;
  step.section.claims.erase(at);
  step.data["seats"].each([&](Json one) {
    const auto owner = step.section.owners.find(std::string(one.text()));
    if (owner != step.section.owners.end() && owner->second == step.by)
      step.section.owners.erase(owner);
  });
}

bool Seats::owns_named_seats(const Step& step, const Claim& claim) {
  int64_t seats = 0;
  bool own = true;
  step.data["seats"].each([&](Json one) {
    ++seats;
    const auto owner = step.section.owners.find(std::string(one.text()));
    own = own && owner != step.section.owners.end() && owner->second == step.by;
  });
  const int64_t expected = step.section.kind == "numbered" ? claim.quantity : 0;
  return own && seats == expected && quantity_of(step.data) == claim.quantity;
}

// "<row>-<number>", numbers from 1.
bool Seats::has_seat(const Section& section, const std::string& seat) {
  const size_t dash = seat.rfind('-');
  if (dash == seat.npos || dash + 1 == seat.size() || seat[dash + 1] == '0') return false;
  int64_t number = 0;
  const char* end = seat.data() + seat.size();
  const auto [rest, error] = std::from_chars(seat.data() + dash + 1, end, number);
  const auto row = section.rows.find(seat.substr(0, dash));
  return error == std::errc() && rest == end && row != section.rows.end() && number >= 1 &&
         number <= row->second;
}

void Seats::check_counts(const Step& step) {
  const Section& section = step.section;
  if (section.held < 0 || section.sold < 0 || section.held + section.sold > section.capacity)
    broken(step, std::to_string(section.held) + " held and " + std::to_string(section.sold) +
                     " sold of " + std::to_string(section.capacity));
}

void Seats::broken(const Step& step, const std::string& what) {
  report_.broken(Invariant::seats, step.event.position,
                 std::string(step.event.stream) + ": " + what);
}

void Seats::end() {
  if (view_.is_due_at_end()) compare();
  report_.checked(Invariant::seats, seen_, "inventory events");
}

void Seats::compare() {
  if (!view_.database().has_table("section_availability")) return;
  int64_t rows = 0;
  int64_t known = 0;
  const auto row = view_.database().query(
      "SELECT event_id, section, kind, capacity, held, sold, version FROM section_availability");
  for (; row->next(); ++rows) {
    const std::string name = std::string(row->bytes(0)) + '-' + std::string(row->bytes(1));
    const auto at = sections_.find(name);
    if (at == sections_.end()) {
      view_.differs("section " + name + " is not in the log");
      continue;
    }
    ++known;
    const Section& section = at->second;
    const auto differs = [&](const char* what, int64_t is, int64_t folded) {
      if (is != folded)
        view_.differs("section " + name + " says " + what + ' ' + std::to_string(is) +
                      ", the log says " + std::to_string(folded));
    };
    if (row->bytes(2) != section.kind) view_.differs("section " + name + " has another kind");
    differs("capacity", row->integer(3), section.capacity);
    differs("held", row->integer(4), section.held);
    differs("sold", row->integer(5), section.sold);
    differs("version", row->integer(6), section.version);
  }
  if (known != static_cast<int64_t>(sections_.size()))
    view_.differs(std::to_string(static_cast<int64_t>(sections_.size()) - known) +
                  " sections have no row");
  view_.compared(rows, "sections");
  compare_seats();
}

void Seats::compare_seats() {
  int64_t rows = 0, right = 0, taken = 0;
  const auto row = view_.database().query("SELECT event_id, section, seat, state FROM seat_state");
  for (; row->next(); ++rows) {
    const std::string section = std::string(row->bytes(0)) + '-' + std::string(row->bytes(1));
    const std::string seat(row->bytes(2));
    std::string_view state = "available";
    if (const auto at = sections_.find(section); at != sections_.end()) {
      const auto owner = at->second.owners.find(seat);
      if (owner != at->second.owners.end()) {
        const auto claim = at->second.claims.find(owner->second);
        state = claim != at->second.claims.end() && claim->second.sold ? "sold" : "held";
      }
    }
    right += state != "available";
    if (row->bytes(3) != state)
      view_.differs("seat " + seat + " of " + section + " is " + std::string(row->bytes(3)) +
                    ", the log says " + std::string(state));
  }
  for (const auto& [name, section] : sections_)
    taken += static_cast<int64_t>(section.owners.size());
  if (right != taken)
    view_.differs(std::to_string(taken - right) + " seats that are taken have no row");
  view_.compared(rows, "seats");
}

}  // namespace gantry::verify
