#include "core/log/copy.hpp"

#include <string>
#include <unordered_map>
#include <utility>

#include "core/log/copy_tables.hpp"
#include "core/log/log_tables.hpp"
#include "core/log/page_size.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

// Where the new log ends, and that it is a beginning of the old one.
Position resume_point(Reader& from, Reader& to) {
  const Position there = to.head();
  if (there == 0) return 0;
  const auto theirs = to.read(there - 1, 1), ours = from.read(there - 1, 1);
  const bool same = !theirs.empty() && !ours.empty() && theirs[0]->id == ours[0]->id &&
                    checksum_of(view_of(*theirs[0])) == checksum_of(view_of(*ours[0]));
  if (!same) {
    throw Error(Code::kConflict, join("the new log has ", there,
                                      " events, and the last of them is not the one that "
                                      "the old log has there; copy into an empty database"));
  }
  return there;
}

// Each stream of the page once, as it is after the page.
void add_streams(const std::vector<EventPtr>& page, const std::vector<std::string_view>& names,
                 const Facts& facts, Changes& changes) {
  std::unordered_map<std::string_view, size_t> places;
  int64_t last_id = facts.last_stream_id;
  for (size_t i = 0; i < names.size(); ++i) {
    const bool fresh = facts.streams[i].id == 0;
    places.emplace(names[i], i);
    changes.streams.push_back(
        {fresh ? ++last_id : facts.streams[i].id, names[i], facts.streams[i].version, fresh});
  }
  for (const auto& event : page) {
    StreamChange& stream = changes.streams[places.at(event->stream)];
    if (event->version != ++stream.version) {
      throw Error(Code::kInternal,
                  join("stream '", event->stream, "' of the old log has a hole at position ",
                       event->position));
    }
    changes.events.push_back({view_of(*event), stream.id});
  }
}

// What tells a PostgreSQL database from every other, however its URL is written: when its server
// was started, and its number there. A SQLite file is known by its name.
std::string identity(sql::Database& database) {
  if (database.engine() != "postgresql") return database.where();
  std::string text;
  database.reader()->query(
      "SELECT CAST(extract(epoch FROM pg_postmaster_start_time()) * 1000000 AS bigint) || '/' || "
      "CAST(oid AS bigint) FROM pg_database WHERE datname = current_database()",
      {}, [&](const sql::Row& row) {
        text = std::get<std::string_view>(row[0]);
        return true;
      });
  return text;
}

// One of the two logs. Once it is open nobody serves it; what goes wrong says at which of them.
class Side {
 public:
  Side(std::string name, const LogOptions& options, Use use)
      : name_(std::move(name)), options_(options) {
    options_.use = use;
    named([&] { tables_ = open_tables(options_.database, use); });
  }
  void open(const base::Clock& clock) {
    named([&] {
      engine_ = open_engine(options_, clock);
      store_ = engine_->open_store();
      reader_ = engine_->open_reader();
    });
  }
  sql::Database& tables() { return *tables_; }
  Store& store() { return *store_; }
  Reader& reader() { return *reader_; }
  std::string identity() {
    return named([&] { return log::identity(*tables_); });
  }
  void mark(std::string_view name) {
    named([&] { name_log(*tables_->writer(), name); });
  }

  // Asks the connection that keeps everybody else away: it must be there still, and have done so.
  void expect_head(Position head) {
    named([&] {
      const Position now = store_->begin({}).head;
      if (!store_->roll_back()) throw Error(Code::kUnavailable, "the connection was lost");
      if (now != head) throw Error(Code::kConflict, "somebody else appends to it");
    });
  }

  template <class F>
  auto named(F f) -> decltype(f()) {
    try {
      return f();
    } catch (const Error& error) {
      throw Error(error.code(), join(name_, ": ", error.detail()));
    }
  }

 private:
  const std::string name_;
  LogOptions options_;
  std::unique_ptr<sql::Database> tables_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
};

uint64_t bytes_of(const std::vector<EventPtr>& page) {
  uint64_t bytes = 0;
  for (const auto& event : page) bytes += event->data.size() + event->meta.size();
  return bytes;
}

void write_page(Store& to, const std::vector<EventPtr>& page) {
  Questions questions;
  std::unordered_map<std::string_view, bool> named;
  for (const auto& event : page)
    if (named.emplace(event->stream, true).second) questions.streams.push_back(event->stream);
  const Facts facts = to.begin(questions);
  if (facts.head + 1 != page.front()->position) {
    to.roll_back();
    throw Error(Code::kConflict, "somebody else appends to it");
  }
  Changes changes;
  add_streams(page, questions.streams, facts, changes);
  std::string why;
  if (to.commit(changes, why) != Ending::kCommitted) throw Error(Code::kUnavailable, why);
}

}  // namespace

Copied copy_log(const LogOptions& from, const LogOptions& to, const base::Clock& clock,
                const std::function<void(const CopyProgress&)>& told) {
  Side source("the old log", from, Use::kCopyFrom), target("the new log", to, Use::kCopyTo);
  if (source.identity() == target.identity())
    throw Error(Code::kInvalid, "the old log and the new one are the same database");
  source.open(clock);
  target.open(clock);
  const Position total = source.named([&] { return source.reader().head(); });
  Position at = resume_point(source.reader(), target.reader());
  target.mark(kUnfinished);
  Copied copied{total, at, 0};
  told({at, total});
  PageSize size;
  while (at < total) {
    const auto page = source.named([&] { return source.reader().read(at, size.rows()); });
    if (page.empty() || page.front()->position != at + 1)
      throw Error(Code::kInternal, join("the old log has a hole after position ", at));
    target.named([&] { write_page(target.store(), page); });
    at = page.back()->position;
    size.was(page.size(), bytes_of(page));
    told({at, total});
  }
  copied.other_rows = copy_tables(source.tables(), target.tables(), [&](uint64_t rows) {
    told({at, total, rows});
  });
  for (Side* side : {&source, &target}) side->expect_head(total);
  target.mark(kWhole);
  return copied;
}

}  // namespace gantry::log
