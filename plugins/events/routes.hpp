// Handlers of /api/events: [worker], but for those that only look something up by its key.
#pragma once
#include "box_office.hpp"
#include "gantry/context.hpp"

namespace gantry::events {

Response create_event(BoxOffice& office, Context& context, const Request& request);
Response publish_event(BoxOffice& office, Context& context, const Request& request);
Response open_sales(BoxOffice& office, Context& context, const Request& request);
Response close_sales(BoxOffice& office, Context& context, const Request& request);

Response list_events(BoxOffice& office, Context& context, const Request& request);
Response show_event(BoxOffice& office, Context& context, const Request& request);  // [io]

// availability_routes.cpp, all [io]
Response show_availability(BoxOffice& office, Context& context, const Request& request);
Response show_section(BoxOffice& office, Context& context, const Request& request);
Response show_total(BoxOffice& office, Context& context, const Request& request);

}  // namespace gantry::events
