// sql::PgUrl: a PostgreSQL URL as libpq reads it, our policy of transport, and what a connection is
// opened with. Nothing here shows a password.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "core/sql/pg_options.hpp"

namespace gantry::sql {

// "postgresql:" or "postgres:"
bool is_pg_url(std::string_view url);

class PgUrl {
 public:
  //   throws  Invalid  libpq cannot read it, or would take a part of the password for a host; the
  //   words do not repeat the URL
  explicit PgUrl(std::string_view url);

  // Whether the other end is who it says it is: a unix socket, or TLS with sslmode=verify-full,
  // which is what we ask for when the URL says nothing and insecure transport is not allowed.
  bool is_verified(const PgOptions& options) const;

  // One sentence about a transport that `options` does not allow, or that lacks the file of its
  // authority; empty: nothing is wrong. `permit`: what would allow it.
  std::string transport_fault(
      const PgOptions& options,
      std::string_view permit = "storage.postgresql.insecure_transport: true") const;

  // The connection string for libpq, password included: the URL's own parameters and our settings.
  // What a statement may cost is ours to say, the rest the URL's.
  std::string conninfo(const PgOptions& options, bool reads_only) const;

 private:
  std::string authority_fault(const PgOptions& options) const;
  bool is_local() const;
  bool has(std::string_view keyword) const;

  std::map<std::string, std::string, std::less<>> parameters_;
};

}  // namespace gantry::sql
