#include "core/sql/pg_pipe.hpp"

#include <algorithm>

#include "core/sql/pg_error.hpp"
#include "core/sql/pg_parameters.hpp"
#include "core/sql/pg_placeholders.hpp"
#include "core/sql/pg_tls.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

constexpr std::string_view kChangedTables = "0A000";  // cached plan must not change result type
constexpr std::string_view kNotPrepared = "26000";
constexpr std::string_view kReadOnly = "25006";

// The server ends this connection: admin_shutdown, crash_shutdown, cannot_connect_now.
bool goes_away(std::string_view sqlstate) {
  return sqlstate == "57P01" || sqlstate == "57P02" || sqlstate == "57P03";
}

Error error_of_read(const PGconn* pg, const PgResult& result, std::string_view doing) {
  if (result.status() == PGRES_EMPTY_QUERY) return Error(Code::kInvalid, "the statement is empty");
  if (result.sqlstate() == kReadOnly)
    return Error(Code::kInvalid, "an ask only reads; take a session that writes");
  return error_of(pg, result.get(), doing);
}

}  // namespace

PgPipe::PgPipe(std::unique_ptr<PgConnection> connection)
    : connection_(std::move(connection)), pg_(connection_->handle()) {
  if (PQsetnonblocking(pg_, 1) != 0 || PQenterPipelineMode(pg_) != 1)
    throw Error(Code::kUnavailable, "PostgreSQL: no pipeline on this connection");
}

void PgPipe::put(AskPtr ask) {
  const std::string& text = ask->statement();  // stays where it is when the pointer moves
  auto kept = kept_.take(text);
  Statement statement = kept ? *std::move(kept) : prepare(text);
  try {
    const PgParameters parameters(statement.only_null_counts, ask->values());
    const int ok =
        PQsendQueryPrepared(pg_, statement.name.c_str(), parameters.count(), parameters.values(),
                            parameters.lengths(), parameters.formats(), 0);
    keep(text, statement);
    ++ask->sent;
    ++outstanding_;
    sent({.kind = Kind::kRun, .ask = std::move(ask), .name = std::move(statement.name)}, ok);
  } catch (const Error& error) {
    keep(text, std::move(statement));
    ask->refuse(error.code(), error.detail());
  }
}

PgPipe::Statement PgPipe::prepare(std::string_view text) {
  deallocate_stale();
  PgText translated = with_numbered_parameters(text);
  Statement statement{join("a", ++names_), std::move(translated.only_null_counts)};
  const int ok = PQsendPrepare(pg_, statement.name.c_str(), translated.sql.c_str(), 0, nullptr);
  sent({.kind = Kind::kPrepare, .name = statement.name, .text = std::string(text)}, ok);
  return statement;
}

void PgPipe::keep(std::string_view text, Statement statement) {
  if (auto gone = kept_.keep(text, std::move(statement))) stale_.push_back(std::move(gone->name));
}

// False: that one is not kept any more.
bool PgPipe::forget(std::string_view text, std::string_view name) {
  auto kept = kept_.take(text);
  if (!kept) return false;
  if (kept->name == name) {
    kept_.forget(text);
    return true;
  }
  keep(text, *std::move(kept));  // prepared anew since
  return false;
}

// In the order of the pipe: whatever still uses one of them has been sent before.
void PgPipe::deallocate_stale() {
  for (std::string& name : stale_) {
    const int ok = PQsendQueryParams(pg_, join("DEALLOCATE ", name).c_str(), 0, nullptr, nullptr,
                                     nullptr, nullptr, 0);
    sent({.kind = Kind::kDeallocate, .name = std::move(name)}, ok);
  }
  stale_.clear();
}

void PgPipe::sync() { sent({.kind = Kind::kSync}, PQpipelineSync(pg_)); }

void PgPipe::sent(Sent one, int ok) {
  if (ok != 1) good_ = false;
  sent_.push_back(std::move(one));
}

bool PgPipe::flush() {
  const int left = PQflush(pg_);
  if (left < 0) good_ = false;
  return left == 0;
}

// libpq gives the results of each statement and then a null pointer; a Sync has no null pointer. It
// must not be asked while it is busy: it would block.
void PgPipe::receive() {
  do {
    receive_some();
  } while (good_ && has_decrypted(pg_));
}

void PgPipe::receive_some() {
  const bool ended = PQconsumeInput(pg_) == 0;  // what came before the end is still to be taken
  int nulls = 0;
  while (good_ && !sent_.empty() && PQisBusy(pg_) == 0) {
    if (PGresult* result = PQgetResult(pg_)) {
      nulls = 0;
      take(PgResult(result));
    } else if (sent_.front().has_result) {
      sent_.pop_front();
    } else if (++nulls > 1) {
      good_ = false;  // libpq and we disagree about what is under way
    }
  }
  if (ended) good_ = false;
}

void PgPipe::take(PgResult result) {
  Sent& front = sent_.front();
  const bool is_sync = result.status() == PGRES_PIPELINE_SYNC;
  if (is_sync != (front.kind == Kind::kSync) || (!is_sync && front.has_result)) {
    good_ = false;
    return;
  }
  front.has_result = true;
  switch (front.kind) {
    case Kind::kSync:
      sent_.pop_front();
      break;
    case Kind::kPrepare:
      prepared(front, result);
      break;
    case Kind::kRun:
      ran(front, result);
      break;
    case Kind::kDeallocate:
      if (result.status() == PGRES_PIPELINE_ABORTED) stale_.push_back(std::move(front.name));
      break;
  }
}

void PgPipe::prepared(const Sent& front, const PgResult& result) {
  if (result.is_good()) return;
  forget(front.text, front.name);
  if (result.status() == PGRES_PIPELINE_ABORTED || goes_away(result.sqlstate())) return;
  const auto why = std::make_shared<const Error>(error_of_read(pg_, result, "prepare"));
  for (Sent& one : sent_) {
    if (one.ask && one.name == front.name) one.not_prepared = why;
  }
}

void PgPipe::ran(Sent& front, PgResult& result) {
  if (result.is_good()) return answer(front, result);
  const std::string_view state = result.sqlstate();
  if (const auto why = front.not_prepared) return out_of(front)->refuse(why->code(), why->detail());
  if (result.status() == PGRES_PIPELINE_ABORTED)
    return repeat(front, "another statement kept this one from being run; try again");
  if (state == kChangedTables || state == kNotPrepared) {
    if (forget(front.ask->statement(), front.name) && state == kChangedTables)
      stale_.push_back(front.name);
    return repeat(front, "execute: the tables have changed meanwhile; try again");
  }
  if (goes_away(state) || (state.empty() && result.status() == PGRES_FATAL_ERROR)) {
    good_ = false;  // the ask stays: it is among unfinished()
    return;
  }
  const Error error = result.status() == PGRES_FATAL_ERROR || result.status() == PGRES_EMPTY_QUERY
                          ? error_of_read(pg_, result, "execute")
                          : Error(Code::kInvalid, "execute: COPY is not for asks");
  if (result.status() != PGRES_FATAL_ERROR && result.status() != PGRES_EMPTY_QUERY)
    good_ = false;  // the connection speaks another protocol now
  out_of(front)->refuse(error.code(), error.detail());
}

AskPtr PgPipe::out_of(Sent& front) {
  --outstanding_;
  return std::move(front.ask);
}

void PgPipe::answer(Sent& front, PgResult& result) {
  const AskPtr ask = out_of(front);
  try {
    const auto columns = static_cast<size_t>(result.columns());
    ask->answer({Code::kOk, {}, columns, result.cells()});
  } catch (const Error& error) {
    ask->refuse(error.code(), error.detail());
  }
}

void PgPipe::repeat(Sent& front, std::string_view why) {
  AskPtr ask = out_of(front);
  if (ask->sent >= kSentMax)
    ask->refuse(Code::kUnavailable, why);
  else
    repeats_.push_back(std::move(ask));
}

std::string PgPipe::why() const {
  const std::string_view words = PQerrorMessage(pg_);
  return join("PostgreSQL: ",
              words.empty() ? "the connection is lost" : words.substr(0, words.find('\n')));
}

int64_t PgPipe::first_due_ns() const {
  int64_t first = INT64_MAX;
  for (const Sent& one : sent_) {
    if (one.ask) first = std::min(first, one.ask->due_ns());
  }
  return first;
}

std::vector<AskPtr> PgPipe::unfinished() {
  std::vector<AskPtr> asks = repeats();
  for (Sent& one : sent_) {
    if (one.ask) asks.push_back(std::move(one.ask));
  }
  sent_.clear();
  outstanding_ = 0;
  return asks;
}

}  // namespace gantry::sql
