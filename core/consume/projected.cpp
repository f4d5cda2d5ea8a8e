#include "core/consume/projected.hpp"

#include "gantry/error.hpp"

namespace gantry::consume {

bool notes_projected(sql::Database& database) {
  try {
    database.reader()->query("SELECT position FROM es_projected WHERE position = 0", {},
                             [](const sql::Row&) { return false; });
    return true;
  } catch (const Error& error) {
    if (error.code() == Code::kUnavailable) throw;
    return false;  // no such table
  }
}

void note_projected(sql::Session& session, const std::string& consumer, uint32_t version,
                    log::Position position) {
  session.exec("INSERT INTO es_projected (consumer, version, position) VALUES (?, ?, ?)",
               {std::string_view(consumer), int64_t{version}, position});
}

}  // namespace gantry::consume
