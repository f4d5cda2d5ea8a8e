#include "core/log/pg_link.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <cstring>

#include "core/sql/pg_error.hpp"
#include "core/sql/pg_tls.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

// Types of PostgreSQL's catalog; they never change.
constexpr uint32_t kByteaOid = 17, kBigintOid = 20, kTextOid = 25, kUuidOid = 2950;

std::string_view bytes_of(const Uuid& id) {
  return {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()};
}

std::string sentence(const char* message) {
  std::string text = message ? message : "no reason given";
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

}  // namespace

// ---- PgValues

void PgValues::clear() {
  bytes_.clear();
  spans_.clear();
}
void PgValues::open() { spans_.emplace_back(bytes_.size(), 0); }
void PgValues::close() {
  spans_.back().second = static_cast<int>(bytes_.size() - spans_.back().first);
}
void PgValues::put32(uint32_t number) {
  const std::array<char, 4> bytes = {static_cast<char>(number >> 24),
                                     static_cast<char>(number >> 16),
                                     static_cast<char>(number >> 8), static_cast<char>(number)};
  bytes_.append(bytes.data(), bytes.size());
}
void PgValues::put64(uint64_t number) {
  put32(static_cast<uint32_t>(number >> 32));
  put32(static_cast<uint32_t>(number));
}
void PgValues::put_array_head(uint32_t element_oid, size_t count) {
  put32(count == 0 ? 0 : 1);  // dimensions
  put32(0);                   // no NULLs
  put32(element_oid);
  if (count == 0) return;
  put32(static_cast<uint32_t>(count));
  put32(1);  // lower bound
}
void PgValues::put_element(std::string_view bytes) {
  put32(static_cast<uint32_t>(bytes.size()));
  put(bytes);
}

PgValues& PgValues::add(int64_t number) {
  open();
  put64(static_cast<uint64_t>(number));
  close();
  return *this;
}
PgValues& PgValues::add(std::string_view text) {
  open();
  put(text);
  close();
  return *this;
}
PgValues& PgValues::add(const Uuid& id) { return add(bytes_of(id)); }
PgValues& PgValues::add_null() {
  spans_.emplace_back(0, -1);
  return *this;
}
PgValues& PgValues::add(const std::vector<int64_t>& numbers) {
  open();
  put_array_head(kBigintOid, numbers.size());
  for (const int64_t number : numbers) {
    put32(8);
    put64(static_cast<uint64_t>(number));
  }
  close();
  return *this;
}
PgValues& PgValues::add(const std::vector<std::string_view>& texts) {
  open();
  put_array_head(kTextOid, texts.size());
  for (const auto text : texts) put_element(text);
  close();
  return *this;
}
PgValues& PgValues::add(const std::vector<Uuid>& ids) {
  open();
  put_array_head(kUuidOid, ids.size());
  for (const Uuid& id : ids) put_element(bytes_of(id));
  close();
  return *this;
}
PgValues& PgValues::add_bytea(const std::vector<std::string_view>& blobs) {
  open();
  put_array_head(kByteaOid, blobs.size());
  for (const auto blob : blobs) put_element(blob);
  close();
  return *this;
}

// ---- PgRows

void PgRows::Clear::operator()(pg_result* raw) const noexcept { PQclear(raw); }
int PgRows::count() const { return PQntuples(raw_.get()); }
int64_t PgRows::changed() const {
  const char* digits = PQcmdTuples(raw_.get());
  return *digits ? std::stoll(digits) : 0;
}
std::string_view PgRows::text(int row, int column) const {
  return {PQgetvalue(raw_.get(), row, column),
          static_cast<size_t>(PQgetlength(raw_.get(), row, column))};
}
int64_t PgRows::integer(int row, int column) const {
  const std::string_view bytes = text(row, column);
  if (bytes.empty()) return 0;  // NULL
  int64_t number = static_cast<signed char>(bytes.front());
  for (const char byte : bytes.substr(1))
    number =
        static_cast<int64_t>(static_cast<uint64_t>(number) << 8 | static_cast<unsigned char>(byte));
  return number;
}
Uuid PgRows::uuid(int row, int column) const {
  const std::string_view bytes = text(row, column);
  std::array<uint8_t, 16> raw{};
  if (bytes.size() != raw.size())
    throw Error(Code::kInternal, join("a stored id has ", bytes.size(), " bytes"));
  std::memcpy(raw.data(), bytes.data(), raw.size());
  return Uuid(raw);
}
std::string_view PgRows::tag() const { return PQcmdStatus(raw_.get()); }

// ---- PgLink

void PgLink::Close::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

PgLink::PgLink(const std::string& conninfo, const std::vector<PgStatement>& statements,
               std::chrono::milliseconds answer_max)
    : connection_(PQconnectdb(conninfo.c_str())), answer_max_(answer_max) {
  PGconn* const raw = connection_.get();
  if (raw == nullptr || PQstatus(raw) != CONNECTION_OK)
    throw Error(Code::kUnavailable, join("connect: ", sentence(PQerrorMessage(raw))));
  // Notices are not printed, which is what libpq would do: what matters comes as an error, too.
  PQsetNoticeReceiver(
      raw, [](void*, const PGresult*) {}, nullptr);
  PQsetnonblocking(raw, 1);
  if (PQenterPipelineMode(raw) != 1) broken("pipeline mode");
  for (const auto& one : statements) {
    if (PQsendPrepare(raw, one.name, one.sql, 0, nullptr) != 1) broken("prepare");
  }
  end_round();
  for (size_t i = 0; i < statements.size(); ++i) take();
  round_over();
}

PgLink::~PgLink() = default;

void PgLink::send(const char* statement, const PgValues& values) {
  std::vector<const char*> data;
  std::vector<int> lengths, formats;
  data.reserve(values.spans_.size());
  for (const auto& [offset, length] : values.spans_) {
    data.push_back(length < 0 ? nullptr : values.bytes_.data() + offset);
    lengths.push_back(length < 0 ? 0 : length);
    formats.push_back(1);
  }
  if (PQsendQueryPrepared(connection_.get(), statement, static_cast<int>(data.size()), data.data(),
                          lengths.data(), formats.data(), 1) != 1) {
    broken("send");
  }
}

void PgLink::end_round() {
  if (PQpipelineSync(connection_.get()) != 1) broken("send");
  flush();
}

void PgLink::push() { flush(); }

PgRows PgLink::take() {
  pg_result* const result = next_result();
  if (result == nullptr) broken("receive");
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(result);
  PgRows rows(result);
  if (pg_result* const more = next_result()) {  // NULL ends each statement
    PQclear(more);
    broken("receive: more than one answer");
  }
  return rows;
}

void PgLink::round_over() {
  pg_result* const result = next_result();
  const bool synced = result && PQresultStatus(result) == PGRES_PIPELINE_SYNC;
  PQclear(result);
  if (!synced) broken("receive: the round has no end");
}

PgRows PgLink::ask(const char* statement, const PgValues& values) {
  send(statement, values);
  end_round();
  PgRows rows = take();
  round_over();
  return rows;
}

// The error of `result`, once the rest of the round is out of the way.
void PgLink::fail(pg_result* result) {
  const PgRows owner(result);
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string why = sentence(primary ? primary : PQerrorMessage(connection_.get()));
  if (state == nullptr || PQstatus(connection_.get()) == CONNECTION_BAD) {
    sound_ = false;
    throw Error(Code::kUnavailable, why);
  }
  // A server that goes down says so first.
  const std::string_view sqlstate(state);
  if (sqlstate.substr(0, 4) == "57P0") sound_ = false;
  for (int ends = 0; sound_ && ends < 2;) {  // two NULLs in a row never come before the sync
    pg_result* const rest = next_result();
    if (rest == nullptr) {
      ++ends;
      continue;
    }
    ends = 0;
    const bool synced = PQresultStatus(rest) == PGRES_PIPELINE_SYNC;
    PQclear(rest);
    if (synced) break;
  }
  throw Error(sql::code_of_sqlstate(sqlstate), why);
}

pg_result* PgLink::next_result() {
  PGconn* const raw = connection_.get();
  while (PQisBusy(raw) == 1) {
    wait_readable();
    if (PQconsumeInput(raw) != 1) broken("receive");
  }
  return PQgetResult(raw);
}

void PgLink::wait_readable() {
  flush();
  if (sql::has_decrypted(connection_.get())) return;
  pollfd waiting{PQsocket(connection_.get()), POLLIN, 0};
  int ready;
  do {
    ready = poll(&waiting, 1, static_cast<int>(answer_max_.count()));
  } while (ready < 0 && errno == EINTR);
  if (ready > 0) return;
  sound_ = false;
  throw Error(Code::kUnavailable,
              join("PostgreSQL gave no answer for ", answer_max_.count(), " ms"));
}

// Sends what is queued; reads meanwhile, so that neither side waits for the other for ever.
void PgLink::flush() {
  PGconn* const raw = connection_.get();
  for (int left; (left = PQflush(raw)) != 0;) {
    if (left < 0) broken("send");
    pollfd waiting{PQsocket(raw), POLLIN | POLLOUT, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(answer_max_.count()));
    if (ready == 0) {
      sound_ = false;
      throw Error(Code::kUnavailable,
                  join("PostgreSQL took nothing for ", answer_max_.count(), " ms"));
    }
    if ((waiting.revents & POLLIN) != 0 && PQconsumeInput(raw) != 1) broken("receive");
  }
}

void PgLink::broken(std::string_view doing) {
  sound_ = false;
  throw Error(Code::kUnavailable, join(doing, ": ", sentence(PQerrorMessage(connection_.get()))));
}

bool PgLink::in_transaction() const {
  return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE;
}

bool PgLink::silent() const {
  pollfd arrived{PQsocket(connection_.get()), POLLIN, 0};
  return sound_ && !sql::has_decrypted(connection_.get()) && poll(&arrived, 1, 0) == 0;
}

int PgLink::socket() const { return PQsocket(connection_.get()); }

int PgLink::backend() const { return PQbackendPID(connection_.get()); }

bool PgLink::notified(int own) {
  do {
    if (PQconsumeInput(connection_.get()) != 1) broken("receive");
  } while (sql::has_decrypted(connection_.get()));
  bool any = false;
  while (PGnotify* const one = PQnotifies(connection_.get())) {
    any = any || one->be_pid != own;
    PQfreemem(one);
  }
  return any;
}

}  // namespace gantry::log
