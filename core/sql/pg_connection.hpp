// sql::PgConnection: one PostgreSQL connection, opened, owned and closed by
// Poco::Data::PostgreSQL. One thread at a time.
//
// Poco's SessionHandle, not its SessionImpl: that one cuts the connection string at each space, so
// neither a password with a space nor `options` gets through.
#pragma once
#include <Poco/Data/PostgreSQL/SessionHandle.h>

#include <string>

namespace gantry::sql {

class PgConnection {
 public:
  //   conninfo  as PgUrl::conninfo
  //   throws    Unavailable  with libpq's words; they never hold the password
  //             Invalid      the database's encoding is not UTF8
  explicit PgConnection(const std::string& conninfo);
  ~PgConnection();
  PgConnection(const PgConnection&) = delete;  // libpq knows this object
  PgConnection& operator=(const PgConnection&) = delete;

  PGconn* handle() const { return pg_; }

  // False: it has ended; open another one. No question to the server: looks at the socket, and
  // reads what the server said on its own.
  bool is_alive() noexcept;

 private:
  static void notice(void* self, const PGresult* result);
  void free_broken() noexcept;

  Poco::Data::PostgreSQL::SessionHandle poco_;
  PGconn* pg_ = nullptr;
  bool ended_ = false;  // the server said that it ends this connection
};

}  // namespace gantry::sql
