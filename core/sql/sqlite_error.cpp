#include "core/sql/sqlite_error.hpp"

#include <sqlite3.h>

#include "gantry/text.hpp"

namespace gantry::sql {

Code code_of(int sqlite_rc) {
  switch (sqlite_rc) {  // extended codes that differ from their family
    case SQLITE_CONSTRAINT_NOTNULL:
    case SQLITE_CONSTRAINT_DATATYPE:
      return Code::kInvalid;
    default:
      break;
  }
  switch (sqlite_rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return Code::kOk;
    case SQLITE_CONSTRAINT:
      return Code::kConflict;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_INTERRUPT:
    case SQLITE_ABORT:
    case SQLITE_NOMEM:
      return Code::kUnavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_INTERNAL:
      return Code::kInternal;
    default:
      return Code::kInvalid;  // ERROR, RANGE, MISMATCH, TOOBIG, MISUSE
  }
}

Error error_of(sqlite3* db, int sqlite_rc, std::string_view doing) {
  // The connection's message belongs to its last call; after a failed open there may be no
  // connection.
  const char* words = db != nullptr && (sqlite3_errcode(db) & 0xff) == (sqlite_rc & 0xff)
                          ? sqlite3_errmsg(db)
                          : sqlite3_errstr(sqlite_rc);
  const Code code = code_of(sqlite_rc);
  const char* file = db != nullptr ? sqlite3_db_filename(db, "main") : nullptr;
  // A damaged file is known by its name; the statement that found it says nothing.
  if (code == Code::kInternal && file != nullptr && *file != '\0')
    return Error(code, join("the database ", std::string_view(file), " is damaged: ", doing, ": ",
                            std::string_view(words)));
  return Error(code, join(doing, ": ", std::string_view(words)));
}

}  // namespace gantry::sql
