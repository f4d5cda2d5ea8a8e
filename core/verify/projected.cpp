#include "core/verify/projected.hpp"

namespace gantry::verify {

Projected::Projected(Database* projections, Report& report) : report_(report) {
  if (projections == nullptr || !projections->has_table("es_projected")) return;
  constexpr std::pair<const char*, const char*> kShipped[] = {{"events.view", "event"},
                                                              {"events.availability", "inventory"},
                                                              {"reservations.view", "reservation"},
                                                              {"payments.view", "payment"}};
  for (const auto& [name, category] : kShipped) {
    const auto row = projections->look_up(
        "SELECT version, position FROM es_checkpoint WHERE consumer = $1 "
        "ORDER BY version DESC LIMIT 1",
        {std::string(name)});
    if (!row->next()) continue;
    Consumer consumer{name, category, row->integer(1), nullptr};
    consumer.rows = projections->query(
        "SELECT position FROM es_projected WHERE consumer = $1 AND version = $2 ORDER BY position",
        {std::string(name), row->integer(0)});
    consumer.advance();
    consumers_.push_back(std::move(consumer));
  }
}

void Projected::see(const Event& event, Json) {
  for (Consumer& consumer : consumers_) {
    if (event.position <= consumer.checkpoint)
      take(consumer, event.position, event.is_of(consumer.category));
  }
}

// Takes all rows up to `position`.
void Projected::take(Consumer& consumer, int64_t position, bool matches) {
  bool found = false;
  for (; consumer.has_row && consumer.rows->integer(0) <= position; consumer.advance(), ++rows_) {
    const int64_t row = consumer.rows->integer(0);
    if (row == consumer.last)
      report_.broken(Invariant::projected, row, consumer.name + " has applied it twice");
    else if (row != position || !matches)
      report_.broken(Invariant::projected, row, consumer.name + " has applied what is not its own");
    found = found || row == position;
  }
  if (matches && !found)
    report_.broken(Invariant::projected, position, consumer.name + " has not applied it");
}

void Projected::end() {
  for (Consumer& consumer : consumers_) {
    for (; consumer.has_row; consumer.advance(), ++rows_)
      report_.broken(Invariant::projected, consumer.rows->integer(0),
                     consumer.name + " has applied it beyond its checkpoint");
  }
  if (!consumers_.empty()) report_.checked(Invariant::projected, rows_, "projected events");
}

}  // namespace gantry::verify
