#include "box_office.hpp"
#include "event_view.hpp"

namespace gantry::events {
namespace {

// Each filter that is null lets everything through: one text, prepared once.
constexpr std::string_view kList =
    "SELECT id, owner_id, state, created_at, updated_at, version, details FROM events_view"
    " WHERE (? IS NULL OR state = ?) AND (? IS NULL OR owner_id = ?)"
    " AND (? IS NULL OR starts_at >= ?) AND (? IS NULL OR starts_at <= ?)"
    " AND (? IS NULL OR title_folded LIKE ? ESCAPE '\\')"
    " AND (state <> 'draft' OR owner_id = ? OR ? = 1)"
    " AND (? IS NULL OR created_at < ? OR (created_at = ? AND id < ?))"
    " ORDER BY created_at DESC, id DESC LIMIT ?";

EventRow row_from(const SqlRow& row) {
  return {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
          row.instant(3),           row.instant(4),           row.integer(5),
          std::string(row.text(6))};
}

std::string like_prefix(std::string_view prefix) {
  std::string out;
  for (const char c : folded(prefix)) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + '%';
}

SqlValue unless_empty(const std::string& text) {
  return text.empty() ? SqlValue() : SqlValue(text);
}
SqlValue if_any(const std::optional<Instant>& at) { return at ? SqlValue(*at) : SqlValue(); }

}  // namespace

std::string folded(std::string_view title) {
  std::string out(title);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

const std::string_view kFindEvent =
    "SELECT id, owner_id, state, created_at, updated_at, version, details FROM events_view"
    " WHERE id = ?";

std::optional<EventRow> event_from(const SqlRows& rows) {
  if (rows.empty()) return std::nullopt;
  return row_from(rows[0]);
}

std::string event_json(const EventRow& row) {
  const std::string_view members = std::string_view(row.details).substr(1, row.details.size() - 2);
  JsonWriter json;
  json.object().field("id", row.id).raw(members);
  json.field("state", row.state)
      .field("owner_id", row.owner_id)
      .field("created_at", row.created_at)
      .field("updated_at", row.updated_at)
      .field("version", row.version);
  return std::move(json.end()).text();
}

std::vector<EventRow> list_events(const Host& host, const EventFilter& filter,
                                  const std::optional<EventCursor>& after, uint32_t count) {
  const SqlValue state = unless_empty(filter.state), owner = unless_empty(filter.owner_id);
  const SqlValue from = if_any(filter.from), to = if_any(filter.to);
  const std::string pattern = filter.title_prefix.empty() ? "" : like_prefix(filter.title_prefix);
  const SqlValue prefix = unless_empty(pattern);
  const SqlValue before = after ? SqlValue(after->created_at) : SqlValue();
  const SqlValue before_id = after ? SqlValue(after->id) : SqlValue();
  std::vector<EventRow> found;
  const Session session = Session::reading(host, kDatabase);
  session.each(kList,
               {state, state, owner, owner, from, from, to, to, prefix, prefix, filter.viewer,
                filter.all_drafts ? 1 : 0, before, before, before, before_id, count},
               [&](const SqlRow& row) { found.push_back(row_from(row)); });
  return found;
}

}  // namespace gantry::events
