#include "core/pipeline/exchanges.hpp"

#include "core/plugins/tables/call.hpp"

// Forwards to the pipeline, which knows the exchanges and checks handles.
namespace gantry::plugins {
namespace {
template <class F>
gantry_rc forward(void* self, std::string_view function, F&& body) noexcept {
  return call(self, nullptr, function,
              [&](Context& context) { return body(context.ports().exchanges); });
}

gantry_rc header(void* self, gantry_handle exchange, gantry_str name, gantry_str value) noexcept {
  return forward(self, "http.header",
                 [&](auto& all) { return all.header(exchange, view(name), view(value)); });
}
gantry_rc answer(void* self, gantry_handle exchange, uint32_t status, gantry_str content_type,
                 gantry_str body) noexcept {
  return forward(self, "http.answer", [&](auto& all) {
    return all.answer(exchange, status, view(content_type), view(body));
  });
}
gantry_rc problem(void* self, gantry_handle exchange, uint32_t status, gantry_str code,
                  gantry_str detail, gantry_str params, gantry_str errors) noexcept {
  return forward(self, "http.problem", [&](auto& all) {
    return all.problem(exchange, status, view(code), view(detail), view(params), view(errors));
  });
}
gantry_rc fail(void* self, gantry_handle exchange, gantry_rc rc, gantry_str why) noexcept {
  return forward(self, "http.fail", [&](auto& all) { return all.fail(exchange, rc, view(why)); });
}
uint32_t status(void* self, gantry_handle exchange) noexcept {
  uint32_t status = 0;
  run(self, "http.status",
      [&](Context& context) { status = context.ports().exchanges.status(exchange); });
  return status;
}
gantry_rc answer_header(void* self, gantry_handle exchange, gantry_str name,
                        const gantry_sink* value) noexcept {
  return forward(self, "http.answer_header", [&](auto& all) {
    std::string text;
    const gantry_rc rc = all.answer_header(exchange, view(name), text);
    if (rc == GANTRY_OK) gantry::detail::say(value, text);
    return rc;
  });
}
gantry_rc principal(void* self, gantry_handle exchange, gantry_str user,
                    gantry_str roles) noexcept {
  return forward(self, "http.principal",
                 [&](auto& all) { return all.principal(exchange, view(user), view(roles)); });
}
gantry_rc resume(void* self, gantry_handle exchange, uint32_t verdict) noexcept {
  return forward(self, "http.resume", [&](auto& all) { return all.resume(exchange, verdict); });
}
gantry_rc stream_begin(void* self, gantry_handle exchange, uint32_t status,
                       gantry_str content_type) noexcept {
  return forward(self, "http.stream_begin",
                 [&](auto& all) { return all.stream_begin(exchange, status, view(content_type)); });
}
gantry_rc stream_piece(void* self, gantry_handle exchange, gantry_str bytes) noexcept {
  return forward(self, "http.stream_piece",
                 [&](auto& all) { return all.stream_piece(exchange, view(bytes)); });
}
gantry_rc stream_end(void* self, gantry_handle exchange) noexcept {
  return forward(self, "http.stream_end", [&](auto& all) { return all.stream_end(exchange); });
}
}  // namespace

gantry_http http_table(Context& context) {
  return {sizeof(gantry_http), &context,  header, answer,       problem,      fail,      status,
          answer_header,       principal, resume, stream_begin, stream_piece, stream_end};
}

}  // namespace gantry::plugins
