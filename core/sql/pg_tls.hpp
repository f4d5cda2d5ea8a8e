// has_decrypted(): what poll() on a connection's socket does not tell.
#pragma once

struct pg_conn;

namespace gantry::sql {

// True while TLS holds bytes that have come and that libpq has not taken: it takes what its buffer
// has room for, and a record may be longer. Before a wait for the socket, take them (libpq has no
// word for this: its PQsslStruct is there for such questions).
bool has_decrypted(pg_conn* connection);

}  // namespace gantry::sql
