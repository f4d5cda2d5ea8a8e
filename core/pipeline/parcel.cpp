#include "core/pipeline/parcel.hpp"

namespace gantry::pipeline {

void Parcel::pack(const gantry_request& from) {
  request = from;
  headers_.assign(from.headers, from.headers + from.header_count);
  params_.assign(from.params, from.params + from.param_count);
  const auto each = [&](auto&& visit) {
    for (gantry_str* text :
         {&request.method, &request.path, &request.query, &request.route, &request.body,
          &request.peer, &request.request_id, &request.route_roles})
      visit(*text);
    for (gantry_header& header : headers_) visit(header.name), visit(header.value);
    for (gantry_str& param : params_) visit(param);
  };
  size_t total = 0;
  each([&](const gantry_str& text) { total += text.size; });
  bytes_.clear();
  bytes_.reserve(total);  // no move while texts are made to point into it
  each([&](gantry_str& text) {
    if (text.size == 0) {
      text = {nullptr, 0};
      return;
    }
    const char* copy = bytes_.data() + bytes_.size();
    bytes_.append(text.data, text.size);
    text.data = copy;
  });
  user.assign(from.user.size ? from.user.data : "", from.user.size);
  roles.assign(from.roles.size ? from.roles.data : "", from.roles.size);
  request.user = {user.data(), user.size()};
  request.roles = {roles.data(), roles.size()};
  request.headers = headers_.data();
  request.params = params_.data();
}

}  // namespace gantry::pipeline
