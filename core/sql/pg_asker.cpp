#include "core/sql/pg_asker.hpp"

#include <utility>

#include "gantry/text.hpp"

namespace gantry::sql {

PgAsker::PgAsker(const AskOptions& options, const AskerPorts& ports, const PgLine::Open& open)
    : options_(options), ports_(ports) {
  for (uint32_t i = 0; i < options.connections; ++i)
    lines_.push_back(std::make_unique<PgLine>(ports, open));
}

// On the line with the fewest under way, of those that are connected if any is.
void PgAsker::ask(std::string_view statement, const Values& values, Answered done) {
  size_t outstanding = 0;
  PgLine* best = nullptr;
  for (const auto& line : lines_) {
    outstanding += line->outstanding();
    if (!line->is_open()) line->warm_up();
    const bool better =
        best == nullptr || (line->is_open() && !best->is_open()) ||
        (line->is_open() == best->is_open() && line->outstanding() < best->outstanding());
    if (better) best = line.get();
  }
  if (outstanding >= options_.asks_max)
    throw Error(Code::kExhausted, join(outstanding, " asks of this event loop are outstanding"));
  const int64_t due =
      ports_.clock.monotonic_ns() + std::chrono::nanoseconds(options_.timeout).count();
  best->put(std::make_unique<Ask>(statement, values, due, std::move(done)));
}

}  // namespace gantry::sql
