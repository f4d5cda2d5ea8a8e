#include "core/plugins/askers.hpp"

#include <latch>
#include <utility>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {

Askers::Askers(std::span<runtime::Loop* const> loops, const base::Clock& clock, Submit submit)
    : clock_(clock), submit_(std::move(submit)) {
  for (runtime::Loop* loop : loops) {
    loops_.push_back(std::make_unique<OnLoop>());
    loops_.back()->loop = loop;
  }
}

Askers::~Askers() { close(); }

void Askers::add(const std::string& name, sql::Database& database) {
  databases_.emplace(name, &database);
}

sql::Asker& Askers::of(runtime::Loop& loop, std::string_view database) {
  OnLoop& own = *loops_.at(loop.index());
  Use use = Use::kNone;
  own.use.compare_exchange_strong(use, Use::kSome);
  if (use == Use::kOver) throw Error(Code::kUnavailable, "the server stops");
  if (const auto found = own.askers.find(database); found != own.askers.end())
    return *found->second;
  const auto known = databases_.find(database);
  if (known == databases_.end())
    throw Error(Code::kNotFound, join("there is no database \"", database, "\""));
  auto asker = known->second->asker({loop, clock_, submit_});
  return *own.askers.emplace(std::string(database), std::move(asker)).first->second;
}

void Askers::close() {
  for (const auto& own : loops_) {
    if (own->use.exchange(Use::kOver) != Use::kSome) continue;
    std::latch closed(1);
    own->loop->post([&] {
      own->askers.clear();
      closed.count_down();
    });
    closed.wait();
  }
}

}  // namespace gantry::plugins
