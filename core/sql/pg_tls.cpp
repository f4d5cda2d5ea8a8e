#include "core/sql/pg_tls.hpp"

#include <libpq-fe.h>
#include <openssl/ssl.h>

namespace gantry::sql {

bool has_decrypted(pg_conn* connection) {
  if (PQsslInUse(connection) == 0) return false;
  const auto* tls = static_cast<const SSL*>(PQsslStruct(connection, "OpenSSL"));
  return tls != nullptr && SSL_pending(tls) > 0;
}

}  // namespace gantry::sql
