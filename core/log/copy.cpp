#include "core/log/copy.hpp"

#include <unordered_map>

#include "core/log/copy_tables.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

constexpr uint32_t kPageEvents = 2000;

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
                  join("stream '", event->stream, "' has a hole at position ", event->position));
    }
    changes.events.push_back({view_of(*event), stream.id});
  }
}

void write_page(Store& to, const std::vector<EventPtr>& page) {
  Questions questions;
  std::unordered_map<std::string_view, bool> named;
  for (const auto& event : page)
    if (named.emplace(event->stream, true).second) questions.streams.push_back(event->stream);
  const Facts facts = to.begin(questions);
  if (facts.head + 1 != page.front()->position) {
    to.roll_back();
    throw Error(Code::kConflict, "somebody else appends to the new log");
  }
  Changes changes;
  add_streams(page, questions.streams, facts, changes);
  std::string why;
  if (to.commit(changes, why) != Ending::kCommitted)
    throw Error(Code::kUnavailable, join("the new log: ", why));
}

}  // namespace

Copied copy_log(const LogOptions& from, const LogOptions& to, const base::Clock& clock,
                const std::function<void(const CopyProgress&)>& told) {
  const auto source = open_engine(from, clock), target = open_engine(to, clock);
  const auto reader = source->open_reader();
  const auto store = target->open_store();
  const Position total = reader->head();
  Position at = resume_point(*reader, *target->open_reader());
  Copied copied{total, at, 0};
  told({at, total});
  while (at < total) {
    const auto page = reader->read(at, kPageEvents);
    if (page.empty() || page.front()->position != at + 1)
      throw Error(Code::kInternal, join("the old log has a hole after position ", at));
    write_page(*store, page);
    at = page.back()->position;
    told({at, total});
  }
  copied.other_rows = copy_tables(from.database, to.database);
  return copied;
}

}  // namespace gantry::log
