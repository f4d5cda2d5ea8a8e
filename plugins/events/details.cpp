#include "details.hpp"

#include <numeric>
#include <set>

namespace gantry::events {
namespace {

class Faults {
 public:
  void add(std::string pointer, std::string_view code, std::string_view detail) {
    found_.push_back({std::move(pointer), std::string(code), std::string(detail)});
  }
  std::vector<RequestFault> take() { return std::move(found_); }

 private:
  std::vector<RequestFault> found_;
};

uint64_t seats_in(const Section& section) {
  return std::accumulate(section.rows.begin(), section.rows.end(), uint64_t{0},
                         [](uint64_t sum, const SeatRow& row) { return sum + row.seats; });
}

void check_rows(Faults& faults, const Section& section, const std::string& at) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < section.rows.size(); ++i) {
    if (!names.insert(section.rows[i].row).second)
      faults.add(join(at, "/rows/", i, "/row"), "NOT_UNIQUE", "rows of a section differ in name");
  }
}

void check_section(Faults& faults, const Section& section, const std::string& at) {
  if (section.kind == SectionKind::general_admission) {
    if (!section.rows.empty())
      faults.add(at + "/rows", "NOT_ALLOWED", "a general admission section has no rows");
    if (section.capacity == 0)
      faults.add(at + "/capacity", "REQUIRED", "a general admission section has a capacity");
    return;
  }
  if (section.rows.empty()) {
    faults.add(at + "/rows", "REQUIRED", "a numbered section has rows");
    return;
  }
  check_rows(faults, section, at);
  if (seats_in(section) != section.capacity)
    faults.add(at + "/capacity", "CAPACITY_MISMATCH",
               "the capacity of a numbered section is the sum of its rows");
}

void check_sections(Faults& faults, const Details& details) {
  std::set<std::string_view> names;
  uint64_t places = 0, rows = 0;
  for (size_t i = 0; i < details.sections.size(); ++i) {
    const Section& section = details.sections[i];
    const std::string at = join("/sections/", i);
    if (!names.insert(section.name).second)
      faults.add(at + "/name", "NOT_UNIQUE", "sections differ in name");
    check_section(faults, section, at);
    places += section.capacity;
    rows += section.rows.size();
  }
  if (places > kPlacesMax)
    faults.add("/sections", "TOO_MANY_PLACES",
               join("an event has at most ", kPlacesMax, " places"));
  if (rows > kRowsMax)
    faults.add("/sections", "TOO_MANY_ROWS", join("an event has at most ", kRowsMax, " rows"));
}

void check_tiers(Faults& faults, const Details& details) {
  for (size_t i = 0; i < details.price_tiers.size(); ++i) {
    const PriceTier& tier = details.price_tiers[i];
    const std::string at = join("/price_tiers/", i);
    if (!details.section(tier.section))
      faults.add(at + "/section", "UNKNOWN_SECTION", "there is no section of that name");
    if (tier.price.currency != details.currency)
      faults.add(at + "/price/currency", "CURRENCY_MISMATCH", "prices are in the event's currency");
    if (tier.available_from && tier.available_until &&
        *tier.available_until <= *tier.available_from)
      faults.add(at + "/available_until", "BEFORE_START", "the window ends after it begins");
  }
}

}  // namespace

const Section* Details::section(std::string_view name) const {
  for (const Section& section : sections) {
    if (section.name == name) return &section;
  }
  return nullptr;
}

std::vector<RequestFault> faults_in(const Details& details, Instant now) {
  Faults faults;
  if (details.title.find_first_not_of(" \t\r\n") == std::string::npos)
    faults.add("/title", "BLANK", "the title says something");
  if (details.starts_at <= now)
    faults.add("/starts_at", "NOT_IN_FUTURE", "an event starts in the future");
  if (details.ends_at < details.starts_at)
    faults.add("/ends_at", "BEFORE_START", "an event ends after it starts");
  if (!details.currency.is_known())
    faults.add("/currency", "UNKNOWN_CURRENCY", "currency is a code of ISO 4217");
  check_sections(faults, details);
  check_tiers(faults, details);
  return faults.take();
}

}  // namespace gantry::events
