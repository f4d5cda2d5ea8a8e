#include "inventory_service.hpp"

#include <map>

#include "pricing.hpp"
#include "problems.hpp"

namespace gantry::events {
namespace {

using Answer = InventoryService::Answer;
using Line = InventoryService::Line;
using Order = Repository<Inventory>::Order;

Answer refused(const Refusal& refusal) { return {true, refusal.json()}; }

// One command for each section, in the order in which the lines name them first.
struct SectionHold {
  std::string section;
  Price price;
  Inventory::Hold hold;
};

std::vector<SectionHold> holds_of(const std::vector<Line>& lines) {
  std::vector<SectionHold> holds;
  std::map<std::string_view, size_t> by_section;
  for (const Line& line : lines) {
    const auto [at, fresh] = by_section.emplace(line.section, holds.size());
    if (fresh) holds.push_back({std::string(line.section), {}, {}});
    Inventory::Hold& hold = holds[at->second].hold;
    hold.seats.insert(hold.seats.end(), line.seats.begin(), line.seats.end());
    if (line.seats.empty()) hold.picks.push_back({line.quantity, line.adjacent});
  }
  return holds;
}

uint32_t places_in(const std::vector<Line>& lines) {
  uint64_t places = 0;
  for (const Line& line : lines) places += line.seats.empty() ? line.quantity : line.seats.size();
  return static_cast<uint32_t>(std::min<uint64_t>(places, UINT32_MAX));
}

// The answer to hold(), built line by line.
class HoldAnswer {
 public:
  HoldAnswer(const TicketedEvent::State& event) : event_(event), total_{0, event.details.currency} {
    json_.object()
        .field("event_id", event.id)
        .field("title", event.details.title)
        .field("owner_id", event.owner_id)
        .field("starts_at", event.details.starts_at)
        .array("lines");
  }
  // One line for each seat, or `quantity` lines without one.
  void add(const SectionHold& hold, const std::vector<std::string>& seats, uint32_t quantity) {
    for (uint32_t i = 0; i < quantity; ++i) {
      json_.object().field("section", hold.section);
      if (seats.empty())
        json_.null("seat");
      else
        json_.field("seat", seats[i]);
      json_.field("tier", hold.price.tier);
      ticketing::write(json_, "unit_price", hold.price.unit).end();
      total_ = total_ + hold.price.unit;
    }
  }
  std::string finish(Instant expires_at) {
    json_.end();
    ticketing::write(json_, "total", total_)
        .field("expires_at", expires_at)
        .field("payment_attempts_max", event_.details.policies.payment_attempts_max);
    ticketing::write(json_, "refund_rules", event_.details.policies.refund_rules);
    return std::move(json_.end()).text();
  }

 private:
  const TicketedEvent::State& event_;
  Money total_;
  JsonWriter json_;
};

// Decides the same kind of command in each section; stages all of them or none.
template <class CommandOf>
Answer in_each(BoxOffice& office, Unit& unit, const Uuid& event,
               const std::vector<std::string_view>& sections, CommandOf&& command_of) {
  std::vector<Order> orders;
  for (const std::string_view section : sections)
    orders.push_back({Inventory::id_of(event, section), command_of(section)});
  const auto decided = office.sections.decide_all(unit, orders);
  if (decided) return {};
  return refused(refusal_of(decided.reason().reason, sections[decided.reason().index]));
}

}  // namespace

Answer InventoryService::hold(Unit& unit, const Uuid& event_id, const Uuid& reservation,
                              const std::vector<Line>& lines, Instant now) {
  const auto event = office_.events.look(unit, event_id.text());
  if (const auto no = refuses_sale(*event.state, places_in(lines), now))
    return refused(refusal_of(*no, *event.state, places_in(lines)));
  const Details& details = event.state->details;
  const Instant until = now + std::chrono::seconds(details.policies.hold_seconds);

  std::vector<SectionHold> holds = holds_of(lines);
  std::vector<Order> orders;
  for (SectionHold& one : holds) {
    if (!details.section(one.section)) return refused(no_such_section(one.section));
    const auto price = price_of(details, one.section, now);
    if (!price) return refused(no_price(one.section));
    one.price = *price;
    one.hold.by = reservation;
    one.hold.now = now;
    one.hold.until = until;
    orders.push_back({Inventory::id_of(event_id, one.section), std::move(one.hold)});
  }
  const auto decided = office_.sections.decide_all(unit, orders);
  if (!decided)
    return refused(refusal_of(decided.reason().reason, holds[decided.reason().index].section));
  HoldAnswer answer(*event.state);
  for (size_t i = 0; i < holds.size(); ++i) {
    if (decided->at(i).empty())
      throw Error(Code::kInvalid, "the reservation holds places in that section already");
    const auto& held = std::get<Inventory::Held>(decided->at(i).back());
    answer.add(holds[i], held.seats, held.quantity);
  }
  return {false, answer.finish(until)};
}

Answer InventoryService::extend(Unit& unit, const Uuid& event, const Uuid& reservation,
                                const std::vector<std::string_view>& sections, Instant until) {
  return in_each(office_, unit, event, sections, [&](std::string_view) {
    return Inventory::Extend{reservation, until};
  });
}

Answer InventoryService::confirm(Unit& unit, const Uuid& event, const Uuid& reservation,
                                 const std::vector<Line>& lines, Instant now) {
  std::map<std::string_view, Inventory::Confirm> by_section;
  std::vector<std::string_view> sections;
  for (const Line& line : lines) {
    const auto [at, fresh] = by_section.try_emplace(line.section);
    if (fresh) sections.push_back(line.section);
    Inventory::Confirm& confirm = at->second;
    confirm.by = reservation;
    confirm.now = now;
    confirm.seats.insert(confirm.seats.end(), line.seats.begin(), line.seats.end());
    confirm.quantity +=
        line.seats.empty() ? line.quantity : static_cast<uint32_t>(line.seats.size());
  }
  return in_each(office_, unit, event, sections,
                 [&](std::string_view section) { return by_section.at(section); });
}

void InventoryService::release(Unit& unit, const Uuid& event, const Uuid& reservation,
                               const std::vector<std::string_view>& sections,
                               Inventory::Cause cause, Instant now) {
  in_each(office_, unit, event, sections, [&](std::string_view) {
    return Inventory::Release{reservation, cause, now};
  });
}

// The C table: nothing but conversions.
namespace {

std::vector<Line> lines_of(const gantry_seat_line* raw, uint32_t count) {
  std::vector<Line> lines;
  for (uint32_t i = 0; i < count; ++i) {
    Line line{from_abi(raw[i].section), {}, raw[i].quantity, raw[i].adjacent != 0};
    for (uint32_t s = 0; s < raw[i].seat_count; ++s)
      line.seats.emplace_back(from_abi(raw[i].seats[s]));
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string_view> sections_of(const gantry_str* raw, uint32_t count) {
  std::vector<std::string_view> sections;
  for (uint32_t i = 0; i < count; ++i) sections.push_back(from_abi(raw[i]));
  return sections;
}

void give(const Answer& answer, uint32_t* refused, const gantry_sink* sink) {
  *refused = answer.refused;
  if (sink && !answer.json.empty()) sink->write(sink->self, to_abi(answer.json));
}

Inventory::Cause cause_from(uint32_t cause) {
  switch (cause) {
    case GANTRY_RELEASE_EXPIRED:
      return Inventory::Cause::expired;
    case GANTRY_RELEASE_CANCELLED:
      return Inventory::Cause::cancelled;
    case GANTRY_RELEASE_FAILED:
      return Inventory::Cause::failed;
    case GANTRY_RELEASE_REFUNDED:
      return Inventory::Cause::refunded;
    default:
      throw Error(Code::kInvalid, "there is no such cause of release");
  }
}

InventoryService& service(void* self) { return *static_cast<InventoryService*>(self); }

}  // namespace

InventoryService::InventoryService(BoxOffice& office) : office_(office), table_{} {
  table_.size = sizeof table_;
  table_.self = this;
  table_.hold = [](void* self, gantry_handle handle, const gantry_uuid* event,
                   const gantry_uuid* reservation, const gantry_seat_line* lines, uint32_t count,
                   gantry_time now, uint32_t* no, const gantry_sink* answer,
                   const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      Unit unit(service(self).office_.host, handle);
      give(service(self).hold(unit, Uuid(*event), Uuid(*reservation), lines_of(lines, count),
                              Instant(now)),
           no, answer);
    });
  };
  table_.extend = [](void* self, gantry_handle handle, const gantry_uuid* event,
                     const gantry_uuid* reservation, const gantry_str* sections, uint32_t count,
                     gantry_time until, uint32_t* no, const gantry_sink* answer,
                     const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      Unit unit(service(self).office_.host, handle);
      give(service(self).extend(unit, Uuid(*event), Uuid(*reservation),
                                sections_of(sections, count), Instant(until)),
           no, answer);
    });
  };
  table_.confirm = [](void* self, gantry_handle handle, const gantry_uuid* event,
                      const gantry_uuid* reservation, const gantry_seat_line* lines, uint32_t count,
                      gantry_time now, uint32_t* no, const gantry_sink* answer,
                      const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      Unit unit(service(self).office_.host, handle);
      give(service(self).confirm(unit, Uuid(*event), Uuid(*reservation), lines_of(lines, count),
                                 Instant(now)),
           no, answer);
    });
  };
  table_.release = [](void* self, gantry_handle handle, const gantry_uuid* event,
                      const gantry_uuid* reservation, const gantry_str* sections, uint32_t count,
                      gantry_time now, uint32_t cause, const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      Unit unit(service(self).office_.host, handle);
      service(self).release(unit, Uuid(*event), Uuid(*reservation), sections_of(sections, count),
                            cause_from(cause), Instant(now));
    });
  };
}

}  // namespace gantry::events
