#include "routes.hpp"

#include "event_view.hpp"
#include "problems.hpp"

namespace gantry::events {
namespace {

Actor actor_of(const Request& request) {
  return {std::string(request.user()), request.has_role("admin")};
}

void require_creator(const BoxOffice& office, const Request& request) {
  const bool allowed = office.creators == "any" || request.has_role("admin") ||
                       (office.creators == "organizer" && request.has_role("organizer"));
  if (!allowed) throw Problem(403, "FORBIDDEN", "you may not create events here");
}

// One command on one event; answers with the event after it.
Response command(Context& context, const Request& request, const TicketedEvent::Command& command) {
  const auto done = context.execute<TicketedEvent>(request.param_uuid(0).text(), command);
  Response response = Response::ok(event_json(*done.state, done.version));
  return response.etag(done.version);
}

// Opens the inventory of each section.
void open_sections(BoxOffice& office, Unit& unit, const Uuid& event, const Details& details) {
  std::vector<Repository<Inventory>::Order> orders;
  for (const Section& section : details.sections)
    orders.push_back({Inventory::id_of(event, section.name),
                      Inventory::Open{section.kind, section.capacity, section.rows}});
  const auto opened = office.sections.decide_all(unit, orders);
  if (opened) return;
  const auto& [index, reason] = opened.reason();
  throw refusal_of(reason, details.sections[index].name).problem();
}

Instant instant_of(const std::string& text, std::string_view parameter) {
  const auto at = Instant::parse(text);
  if (!at) throw Problem(Response::invalid_query(parameter, "FORMAT", "not an RFC 3339 time"));
  return *at;
}

EventFilter filter_of(const Request& request) {
  EventFilter filter;
  filter.state = request.query("state").value_or("");
  if (!filter.state.empty() && !status_from(filter.state))
    throw Problem(Response::invalid_query("state", "NOT_ALLOWED", "there is no such state"));
  filter.owner_id = request.query("owner_id").value_or("");
  if (!filter.owner_id.empty() && !Uuid::parse(filter.owner_id))
    throw Problem(Response::invalid_query("owner_id", "FORMAT", "owner_id is a UUID"));
  filter.title_prefix = request.query("q").value_or("");
  if (const auto from = request.query("from")) filter.from = instant_of(*from, "from");
  if (const auto to = request.query("to")) filter.to = instant_of(*to, "to");
  filter.viewer = request.user();
  filter.all_drafts = request.has_role("admin");
  return filter;
}

// What a page token is bound to.
std::string scope_of(const EventFilter& filter) {
  JsonWriter json;
  json.array()
      .value("events")
      .value(filter.state)
      .value(filter.owner_id)
      .value(filter.title_prefix);
  json.value(filter.from ? filter.from->us() : -1).value(filter.to ? filter.to->us() : -1);
  json.value(filter.viewer).value(filter.all_drafts);
  return std::move(json.end()).text();
}

std::string cursor_of(const EventRow& row) { return join(row.created_at.us(), ' ', row.id); }

// Only cursors that we signed come here.
EventCursor cursor_from(const std::string& text) {
  const size_t space = text.find(' ');
  return {Instant(std::stoll(text.substr(0, space))), text.substr(space + 1)};
}

}  // namespace

Response create_event(BoxOffice& office, Context& context, const Request& request) {
  require_creator(office, request);
  const Details details = details_from(request.json());
  if (!office.time_zones.knows(details.timezone))
    throw Problem(Response::invalid({{"/timezone", "UNKNOWN_TIME_ZONE",
                                      "timezone is a name of the IANA tz database, such as "
                                      "Europe/Berlin"}}));
  const Uuid id = context.new_id();
  const auto created = context.execute<TicketedEvent>(
      id.text(), TicketedEvent::Create{id, std::string(request.user()), details, context.now()});
  open_sections(office, context.unit(), id, details);
  Response response = Response::created(event_json(*created.state, created.version),
                                        join("/api/events/", id.text()));
  return response.etag(created.version);
}

Response publish_event(BoxOffice&, Context& context, const Request& request) {
  return command(context, request, TicketedEvent::Publish{actor_of(request), context.now()});
}

Response open_sales(BoxOffice&, Context& context, const Request& request) {
  return command(context, request, TicketedEvent::OpenSales{actor_of(request), context.now()});
}

Response close_sales(BoxOffice&, Context& context, const Request& request) {
  return command(context, request, TicketedEvent::CloseSales{actor_of(request), context.now()});
}

// docs: ask
Response show_event(BoxOffice&, Context& context, const Request& request) {
  return context.ask(kDatabase, kFindEvent, {request.param_uuid(0).text()},
                     [viewer = actor_of(request)](const SqlRows& rows) {
                       const auto found = event_from(rows);
                       const bool hidden = found && found->state == name_of(Status::draft) &&
                                           !viewer.admin && viewer.user != found->owner_id;
                       if (!found || hidden) throw problem_of(TicketedEvent::NotFound{});
                       return Response::ok(event_json(*found)).etag(found->version);
                     });
}
// docs end

Response list_events(BoxOffice& office, Context&, const Request& request) {
  const EventFilter filter = filter_of(request);
  const std::string scope = scope_of(filter);
  const Page page = Page::of(request, office.page_tokens, scope);
  std::optional<EventCursor> after;
  if (!page.cursor.empty()) after = cursor_from(page.cursor);
  const auto rows = list_events(office.host, filter, after, page.size + 1);

  JsonWriter json;
  json.object().array("items");
  const size_t shown = std::min<size_t>(rows.size(), page.size);
  for (size_t i = 0; i < shown; ++i) json.raw(event_json(rows[i]));
  json.end();
  const bool more = rows.size() > page.size;
  json.field("next_page_token",
             more ? office.page_tokens.seal(scope, cursor_of(rows[shown - 1])) : std::string());
  return Response::ok(std::move(json.end()).text());
}

}  // namespace gantry::events
