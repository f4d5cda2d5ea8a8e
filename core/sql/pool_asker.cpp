#include "core/sql/pool_asker.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

// Rows that outlive the session they were read with.
struct Copied {
  Code code = Code::kOk;
  std::string detail;
  size_t columns = 0;
  Values cells;
  std::deque<std::string> bytes;  // cells point into them

  Value kept(const Value& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) return copy(*text);
    if (const auto* blob = std::get_if<Blob>(&value)) return Blob{copy(blob->bytes)};
    return value;
  }
  std::string_view copy(std::string_view text) { return bytes.emplace_back(text); }
};

// [worker]
std::shared_ptr<Copied> read(Database& database, const Ask& ask) {
  auto rows = std::make_shared<Copied>();  // owners: the worker, then the loop
  try {
    database.reader()->query(ask.statement(), ask.values(), [&](const Row& row) {
      rows->columns = row.size();
      for (const Value& value : row) rows->cells.push_back(rows->kept(value));
      return true;
    });
  } catch (const Error& error) {
    rows->code = error.code();
    rows->detail = error.detail();
  }
  return rows;
}

}  // namespace

PoolAsker::PoolAsker(const AskOptions& options, const AskerPorts& ports, Database& database)
    : options_(options),
      ports_(ports),
      database_(database),
      way_(std::make_shared<WayBack>(ports.loop)) {}

PoolAsker::~PoolAsker() {
  way_->close();
  ports_.loop.cancel(deadline_);
  const auto left = std::exchange(asked_, {});
  for (const auto& [id, ask] : left) ask->refuse(Code::kUnavailable, "the server stops");
}

void PoolAsker::ask(std::string_view statement, const Values& values, Answered done) {
  if (asked_.size() >= options_.asks_max)
    throw Error(Code::kExhausted, join(asked_.size(), " asks of this event loop are outstanding"));
  const int64_t due =
      ports_.clock.monotonic_ns() + std::chrono::nanoseconds(options_.timeout).count();
  const auto ask = std::make_shared<Ask>(statement, values, due, std::move(done));
  const uint64_t id = ++last_;
  const bool taken = ports_.submit(
      [this, id, ask, way = way_, &database = database_] {
        const auto rows = read(database, *ask);
        WayBack::post(way, [this, id, rows] {
          answer(id, {rows->code, rows->detail, rows->columns, rows->cells});
        });
      },
      [this, id, way = way_] {
        WayBack::post(way, [this, id] {
          answer(id, {Code::kExhausted, "waited too long for a worker"});
        });
      });
  if (!taken) {
    ask->drop();
    throw Error(Code::kExhausted, "the queue of the workers is full");
  }
  asked_.emplace(id, ask);
  set_deadline();
}

void PoolAsker::answer(uint64_t id, const Answer& answer) {
  const auto found = asked_.find(id);
  if (found == asked_.end()) return;  // too late
  const auto ask = std::move(found->second);
  asked_.erase(found);
  ask->answer(answer);
}

// In the order in which they were asked, so the first is due first.
void PoolAsker::set_deadline() {
  if (deadline_ != 0 || asked_.empty()) return;
  const int64_t left = asked_.begin()->second->due_ns() - ports_.clock.monotonic_ns();
  deadline_ =
      ports_.loop.after(static_cast<uint32_t>(std::max<int64_t>(0, left) / 1'000'000 + 1), [this] {
        deadline_ = 0;
        expire();
        set_deadline();
      });
}

void PoolAsker::expire() {
  const int64_t now = ports_.clock.monotonic_ns();
  while (!asked_.empty() && asked_.begin()->second->due_ns() <= now)
    answer(asked_.begin()->first, {Code::kDeadline, "the database has not answered in time"});
}

}  // namespace gantry::sql
