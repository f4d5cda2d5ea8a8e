#include "core/sql/pg_connection.hpp"

#include <Poco/Exception.h>
#include <poll.h>

#include <cstring>

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

using Poco::Data::PostgreSQL::SessionHandle;

constexpr int kLooksMax = 8;  // at what the server said on its own

// Poco 1.11 frees only connections in good state (its issue 4231, fixed in 1.13): each failed
// attempt to connect, and each connection that breaks, would stay in memory for ever. The pointer
// is private; an explicit instantiation may name it ([temp.spec.general]).
PGconn*& pointer_in(SessionHandle& handle);
template <PGconn* SessionHandle::*Member>
struct Reach {
  friend PGconn*& pointer_in(SessionHandle& handle) { return handle.*Member; }
};
template struct Reach<&SessionHandle::_pConnection>;

// "…: FATAL:  no pg_hba.conf entry\n" on one line.
std::string one_line(std::string_view words) {
  std::string out;
  for (const char c : words) out += c == '\n' || c == '\t' ? ' ' : c;
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// libpq's words, and what to do where they leave one alone with it.
std::string why_not_connected(const PGconn* failed) {
  std::string words = one_line(failed ? PQerrorMessage(failed) : "out of memory");
  if (words.find("does not support SSL") != words.npos)
    words +=
        "; switch TLS on there (ssl = on), or, on a network that is trusted, leave sslmode out of "
        "the URL and set storage.postgresql.insecure_transport: true";
  return words;
}

// Every text of ours is UTF-8. The server says its encoding by itself when a session begins.
void demand_utf8(const PGconn* pg) {
  const char* encoding = PQparameterStatus(pg, "server_encoding");
  if (encoding == nullptr || std::strcmp(encoding, "UTF8") == 0) return;
  throw Error(
      Code::kInvalid,
      join("the encoding of \"", PQdb(pg), "\" is ", encoding,
           ", which cannot hold every text; make another: createdb -E UTF8 -T template0 …"));
}

}  // namespace

PgConnection::PgConnection(const std::string& conninfo) {
  try {
    poco_.connect(conninfo);
    pg_ = poco_;
  } catch (const Poco::Exception&) {
    const PGconn* failed = poco_;
    const std::string words = why_not_connected(failed);
    free_broken();
    throw Error(Code::kUnavailable, join("connect to PostgreSQL: ", words));
  }
  demand_utf8(pg_);
  PQsetNoticeReceiver(pg_, notice, this);
}

PgConnection::~PgConnection() {
  PQsetNoticeReceiver(pg_, notice, nullptr);
  free_broken();
}

void PgConnection::free_broken() noexcept {
  PGconn*& pointer = pointer_in(poco_);
  if (pointer == nullptr || PQstatus(pointer) == CONNECTION_OK) return;  // Poco's to close
  PQfinish(pointer);
  pointer = nullptr;
}

bool PgConnection::is_alive() noexcept {
  for (int looks = 0; looks < kLooksMax; ++looks) {
    if (ended_ || PQstatus(pg_) != CONNECTION_OK) return false;
    pollfd socket{PQsocket(pg_), POLLIN, 0};
    if (::poll(&socket, 1, 0) == 0) return true;
    if (PQconsumeInput(pg_) == 0) return false;
    if (PQisBusy(pg_) != 0) return false;  // parses what came; nobody has asked for anything
  }
  return false;
}

// Notices are not printed, which is what libpq would do. Between two questions the server's last
// words come here as well.
void PgConnection::notice(void* self, const PGresult* result) {
  const char* severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (self == nullptr || severity == nullptr) return;
  if (std::strcmp(severity, "FATAL") == 0 || std::strcmp(severity, "PANIC") == 0)
    static_cast<PgConnection*>(self)->ended_ = true;
}

}  // namespace gantry::sql
