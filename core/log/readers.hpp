// log::Readers: the log's reading connections: at most readers_max, opened when first needed. They
// see the last commit and never wait for the writer (WAL).
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/log/answer_rows.hpp"
#include "core/log/event_rows.hpp"
#include "core/log/log.hpp"
#include "core/sql/sqlite_connection.hpp"

namespace gantry::log {

// One connection with its statements. One thread at a time.
class Reader {
 public:
  // throws Unavailable
  Reader(const std::string& file, const sql::SqliteOptions& options);

  // As in log::Log. `head` is one that was published before the call: everything up to it must be
  // there.
  std::vector<EventPtr> read(Position after, uint32_t max, Position head);
  uint32_t read_stream(std::string_view stream, int64_t after, uint32_t max,
                       const std::function<bool(const Event&)>& visit);
  int64_t stream_version(std::string_view stream) { return rows_.stream(stream).version; }
  std::optional<Event> find(const Uuid& event_id);
  std::optional<StoredAnswer> answer(std::string_view scope, Instant now) {
    return answers_.find(scope, now);
  }

 private:
  sql::SqliteConnection connection_;
  EventRows rows_;
  AnswerRows answers_;
  sql::SqliteStatement read_, read_stream_;
};

class Readers {
 public:
  Readers(std::string file, sql::SqliteOptions options, uint32_t max,
          std::chrono::milliseconds wait_max);

  // A reader on loan; goes back when destroyed.  throws Unavailable  none was free for wait_max, or
  // closed
  class Lease {
   public:
    explicit Lease(Readers& readers) : readers_(readers), reader_(readers.take()) {}
    ~Lease() { readers_.give_back(std::move(reader_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Reader* operator->() { return reader_.get(); }

   private:
    Readers& readers_;
    std::unique_ptr<Reader> reader_;
  };

  // No more loans; closes each connection when it comes back.
  void close();

 private:
  std::unique_ptr<Reader> take();
  void give_back(std::unique_ptr<Reader> reader);

  const std::string file_;
  const sql::SqliteOptions options_;
  const uint32_t max_;
  const std::chrono::milliseconds wait_max_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Reader>> idle_;
  uint32_t open_ = 0;  // on loan and idle
  bool closed_ = false;
};

}  // namespace gantry::log
