#include "core/host/switch_order.hpp"

#include <optional>

#include "core/config/quote.hpp"
#include "core/config/similar.hpp"
#include "gantry/text.hpp"

namespace gantry::host {

Result<bool, WrongParameter> read_dry_run(std::string_view query) {
  std::optional<bool> dry_run;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) continue;
    const std::string_view name = pair.substr(0, pair.find('='));
    const std::string_view value = pair.size() > name.size() ? pair.substr(name.size() + 1) : "";
    if (name != "dry_run") {
      return Refused{WrongParameter{422, std::string(name), "UNKNOWN_PARAMETER",
                                    join("there is no query parameter ", config::quoted(name),
                                         config::did_you_mean(name, {"dry_run"}))}};
    }
    if (dry_run)
      return Refused{WrongParameter{400, "dry_run", "REPEATED_PARAMETER",
                                    "the query parameter dry_run stands there twice"}};
    if (value != "true" && value != "false")
      return Refused{WrongParameter{422, "dry_run", "WRONG_VALUE",
                                    "the query parameter dry_run is true or false"}};
    dry_run = value == "true";
  }
  return dry_run.value_or(false);
}

}  // namespace gantry::host
