#include "core/log/answer_rows.hpp"

#include <sqlite3.h>

#include "core/log/event_rows.hpp"

namespace gantry::log {
using sql::Blob;
using sql::Execution;

AnswerRows::AnswerRows(sqlite3* db)
    : db_(db),
      find_(
          db,
          "SELECT fingerprint, command, status, headers, body, position, expires_at FROM es_answer "
          "WHERE scope = ? AND expires_at > ?"),
      owner_(db,
             "SELECT command, status, position FROM es_answer WHERE scope = ? AND expires_at > ?"),
      store_(db,
             "INSERT OR REPLACE INTO es_answer "
             "(scope, fingerprint, command, status, headers, body, position, expires_at) "
             "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
      sweep_(db,
             "DELETE FROM es_answer WHERE rowid IN "
             "(SELECT rowid FROM es_answer WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)") {}

std::optional<StoredAnswer> AnswerRows::find(std::string_view scope, Instant now) {
  const Execution execution(find_);
  find_.bind(Blob{scope}, now.us());
  if (!find_.step()) return std::nullopt;
  StoredAnswer answer;
  answer.scope = scope;
  answer.fingerprint = find_.text(0);
  answer.command = uuid_of(find_.text(1));
  answer.status = static_cast<int>(find_.integer(2));
  answer.headers = find_.text(3);
  answer.body = find_.text(4);
  answer.position = find_.integer(5);
  answer.expires_at = Instant(find_.integer(6));
  return answer;
}

std::optional<AnswerOwner> AnswerRows::owner(std::string_view scope, Instant now) {
  const Execution execution(owner_);
  owner_.bind(Blob{scope}, now.us());
  if (!owner_.step()) return std::nullopt;
  return AnswerOwner{uuid_of(owner_.text(0)), static_cast<int>(owner_.integer(1)),
                     owner_.integer(2)};
}

void AnswerRows::store(const AnswerChange& change) {
  const StoredAnswer& answer = *change.answer;
  const Execution execution(store_);
  store_.bind(Blob{answer.scope}, Blob{answer.fingerprint}, blob_of(answer.command),
              int64_t{answer.status}, Blob{answer.headers}, Blob{answer.body}, change.position,
              answer.expires_at.us());
  store_.run();
}

uint32_t AnswerRows::sweep(Instant now, uint32_t max) {
  const Execution execution(sweep_);
  sweep_.bind(now.us(), int64_t{max});
  sweep_.run();
  return static_cast<uint32_t>(sqlite3_changes(db_));
}

}  // namespace gantry::log
