#include "tests/support/history.hpp"

#include "gantry/json_writer.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {

void History::note(const Asked& asked, const Answer& answer, const std::string& resource) {
  JsonWriter line;
  line.object()
      .field("user", asked.user)
      .field("method", asked.method)
      .field("route", asked.route)
      .field("key", asked.key)
      .field("status", int64_t{answer.status});
  if (const std::string at = answer.header("gantry-position"); !at.empty())
    line.field("position", int64_t{std::stoll(at)});
  if (!resource.empty() && answer.status >= 200 && answer.status < 300)
    line.field(resource, JsonBody(answer.body).text("id"));
  line.end();
  const std::lock_guard lock(mutex_);
  out_ << line.text() << std::endl;  // there even when this process is killed next
}

}  // namespace gantry::tests
