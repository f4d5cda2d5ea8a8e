// security_headers: one middleware that adds the configured headers to every answer, errors
// included. The list is made once at start; a request costs no allocation here.
#include "gantry/plugin.hpp"

namespace gantry::security_headers {
namespace {

// `yields` to what the route has set itself.
struct Known {
  std::string_view key, name;
  bool yields;
};
constexpr Known kKnown[] = {
    {"content_type_options", "X-Content-Type-Options", false},
    {"frame_options", "X-Frame-Options", false},
    {"xss_protection", "X-XSS-Protection", false},
    {"strict_transport_security", "Strict-Transport-Security", false},
    {"content_security_policy", "Content-Security-Policy", true},
    {"referrer_policy", "Referrer-Policy", false},
    {"permissions_policy", "Permissions-Policy", false},
    {"cross_origin_opener_policy", "Cross-Origin-Opener-Policy", false},
    {"cross_origin_resource_policy", "Cross-Origin-Resource-Policy", false},
    {"permitted_cross_domain_policies", "X-Permitted-Cross-Domain-Policies", false},
    {"cache_control", "Cache-Control", true},
};

class SecurityHeaders final : public Plugin {
 public:
  explicit SecurityHeaders(Host& host) : Plugin(host) {}

  void prepare(Plan& plan) override {
    plan.middleware("security_headers", "trace", {},
                    [this](const Passage& passage, const Request&) { add_to(passage); });
  }

  void start() override {
    const Json config = host().config();
    for (const Known& known : kKnown) {
      const std::string_view value = config[known.key].text();
      if (!value.empty()) headers_.push_back({known.name, std::string(value), known.yields});
    }
  }

 private:
  struct Header {
    std::string_view name;
    std::string value;
    bool yields;
  };

  // [io]
  void add_to(const Passage& passage) const {
    for (const Header& header : headers_) {
      if (header.yields && !passage.answer_header(header.name).empty()) continue;
      passage.header(header.name, header.value);
    }
  }

  std::vector<Header> headers_;  // written by start() only
};

}  // namespace
}  // namespace gantry::security_headers

GANTRY_PLUGIN(gantry::security_headers::SecurityHeaders)
